"""What each test file of a rendered project rests on, so that nothing is tested twice.

A test is as in another project if its text is, and everything of the project that it imports,
directly or not, states nothing there that it does not state here; and if the configurations and the
data that are named are the same to the byte.

The gate looks less deep: at the test files and the suites that they share, since the module of a
component is the same wherever it is, and what modules import is resolved in every selection; and at
the configurations that the jobs' own tests name, by which each job is done once.
"""

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

NAMED = re.compile(rb"\b(?:confs|data)/[\w./-]*\w")
ROOTS = ("src", "tests")
SHARED = "contracts"  # the package of the suites that tests share
SHIPPED = "test_writes_a_record_and_a_report"  # which does a job as its configuration is shipped

# What a test file rests on: digests, each with the tests that are to run if it is new; all if none.
Rests = dict[str, list[str]]


def contents(project: Path, *, deep: bool = True) -> dict[str, Rests]:
    """Return what each test file of a project rests on; without what lies deep if not asked for."""
    modules = found(project)
    imported = {name: imports(name, path, modules) for name, path in modules.items()}
    if not deep:
        shared = {name for name in modules if name.partition(".")[0] == SHARED}
        imported = {name: among & shared for name, among in imported.items()}
    told = {}
    for name, path in modules.items():
        if path.name.startswith("test_"):
            paths = [modules[each] for each in closure(name, imported)]
            relative = path.relative_to(project).as_posix()
            rests: Rests = {_digest(project / "tests/conftest.py", project): []}
            if deep or path.parent.name == "jobs":
                own = classes(path.read_bytes())
                suites = [suite for suite, bases in own.items() if "JobContract" in bases]
                tests = [] if deep else [f"{relative}::{suite}::{SHIPPED}" for suite in suites]
                rests |= {_digest(each, project): tests for each in _named(paths, project)}
            told[relative] = rests | _stated(path, paths, project)
    return told


def fresh(mine: Mapping[str, Rests], before: Sequence[Mapping[str, Rests]]) -> list[str]:
    """Return the tests, or whole files, that are not as in one of the projects before."""
    chosen: list[str] = []
    for path, rests in mine.items():
        lacking = (
            [tests for digest, tests in rests.items() if digest not in other.get(path, {})]
            for other in before
        )
        left = min(lacking, key=len)
        chosen += sorted({test for tests in left for test in tests}) if all(left) else [path]
    return chosen


def _stated(path: Path, paths: Iterable[Path], project: Path) -> Rests:
    """Return what a test file and others state, each with the tests of the file that it is."""
    bases = {name: of for each in paths for name, of in classes(each.read_bytes()).items()}
    held = {name: ancestors(name, bases) for name in classes(path.read_bytes())}
    relative = path.relative_to(project).as_posix()
    told: Rests = {}
    for each in paths:
        for text, class_, test in stated(each.read_bytes()):
            holders = [f"{name}::" for name, among in held.items() if class_ in among]
            if class_ and not holders:
                continue  # a suite that this file does not hold
            tests = [f"{relative}::{holder}{test}" for holder in (holders if class_ else [""])]
            told[_digest(each, project, text)] = tests if test else []
    return told


def ancestors(name: str, bases: Mapping[str, set[str]]) -> set[str]:
    """Return a class and all that it derives from, by their names."""
    return {name}.union(*(ancestors(base, bases) for base in bases.get(name, ())))


@cache
def classes(content: bytes) -> dict[str, set[str]]:
    """Return the classes of a module, each with the names of what it derives from."""
    return {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for node in ast.parse(content).body
        if isinstance(node, ast.ClassDef)
    }


@cache
def stated(content: bytes) -> list[tuple[str, str, str]]:
    """Return what a module states but its imports: the text, in which class, and as which test."""
    found = []
    for node in ast.parse(content).body:
        if isinstance(node, ast.ClassDef):
            members, node.body = node.body, []
            found.append((ast.unparse(node), node.name, ""))
            found += [
                (f"{node.name}: {ast.unparse(each)}", node.name, _test(each)) for each in members
            ]
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            found.append((ast.unparse(node), "", _test(node)))
    return found


def _test(node: ast.stmt) -> str:
    """Return the name of a test; nothing if it is none."""
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
        return node.name
    return ""


def found(project: Path) -> dict[str, Path]:
    """Return every module of a project and of its tests, by its full name."""
    modules = {}
    for root in ROOTS:
        for path in (project / root).rglob("*.py"):
            parts = path.relative_to(project / root).with_suffix("").parts
            modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


def imports(name: str, path: Path, modules: dict[str, Path]) -> set[str]:
    """Return the modules of a project that one of them imports, and the packages they lie in."""
    wanted: set[str] = set()
    for _, base, taken in imported(name, path):
        wanted |= {base, f"{base}.{taken}"}
    parents = {
        name.rsplit(".", depth)[0] for name in wanted for depth in range(name.count(".") + 1)
    }
    return (wanted | parents) & set(modules)


def imported(name: str, path: Path) -> list[tuple[int, str, str]]:
    """Return what a module imports: the line, the module, and the name taken from it if one is."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = []
    for line, level, base, taken in statements(path.read_bytes()):
        outer = package.split(".")[: package.count(".") + 2 - level] if level else []
        found.append((line, ".".join([*outer, *([base] if base else [])]), taken))
    return found


@cache
def statements(content: bytes) -> list[tuple[int, int, str, str]]:
    """Return the imports of a module as they are written: line, dots, module, name taken."""
    found = []
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, 0, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            found += [(node.lineno, node.level, base, alias.name) for alias in node.names]
    return found


def closure(name: str, imported: dict[str, set[str]]) -> list[str]:
    """Return a module and all that it imports, directly or not."""
    seen, waiting = {name}, [name]
    while waiting:
        fresh = imported[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return sorted(seen)


def _named(paths: Iterable[Path], project: Path) -> list[Path]:
    """Return the files under `confs/` and `data/` that the text of files names."""
    named = {match.decode() for path in paths for match in NAMED.findall(path.read_bytes())}
    return [project / each for each in sorted(named) if (project / each).is_file()]


def _digest(path: Path, project: Path, text: str | None = None) -> str:
    """Return the digest of a file, or of a text in it."""
    where = path.relative_to(project).as_posix().encode()
    content = path.read_bytes() if text is None else text.encode()
    return hashlib.sha256(where + b"\0" + content).hexdigest()
