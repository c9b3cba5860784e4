"""The dependencies of each test file of a rendered project, so that nothing is tested twice.

A test is the same as in another project if its source is, if every module of the project that it
imports, directly or indirectly, has no definition that the other project lacks, and if the
configurations and data files that it names are identical.

The gate compares less: the test files and the shared suites, since the module of a component is
the same in every project and all imports are resolved in every selection; and the configurations
that the tests of jobs name, so that each job runs once with each of them.
"""

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

NAMED = re.compile(rb"\b(?:confs|data)/[\w./-]*\w")
ROOTS = ("src", "tests")
SHARED = "contracts"  # the package of the shared test suites
SHIPPED = "test_writes_a_record_and_a_report"  # which runs a job with its shipped configuration

# The dependencies of a test file: digests, each with the tests to run if it is new; none means all.
Digests = dict[str, list[str]]


def contents(project: Path, *, deep: bool = True) -> dict[str, Digests]:
    """Return the dependencies of each test file; unless `deep`, only of tests and shared suites."""
    modules = found(project)
    imported = {name: imports(name, path, modules) for name, path in modules.items()}
    if not deep:
        shared = {name for name in modules if name.partition(".")[0] == SHARED}
        imported = {name: among & shared for name, among in imported.items()}
    result = {}
    for name, path in modules.items():
        if path.name.startswith("test_"):
            paths = [modules[each] for each in closure(name, imported)]
            relative = path.relative_to(project).as_posix()
            digests: Digests = {_digest(project / "tests/conftest.py", project): []}
            if deep or path.parent.name == "jobs":
                own = classes(path.read_bytes())
                suites = [suite for suite, bases in own.items() if "JobContract" in bases]
                tests = [] if deep else [f"{relative}::{suite}::{SHIPPED}" for suite in suites]
                digests |= {_digest(each, project): tests for each in _named(paths, project)}
            result[relative] = digests | _stated(path, paths, project)
    return result


def fresh(mine: Mapping[str, Digests], before: Sequence[Mapping[str, Digests]]) -> list[str]:
    """Return the tests, or complete files, that differ from those of each earlier project."""
    chosen: list[str] = []
    for path, digests in mine.items():
        lacking = (
            [tests for digest, tests in digests.items() if digest not in other.get(path, {})]
            for other in before
        )
        left = min(lacking, key=len)
        chosen += sorted({test for tests in left for test in tests}) if all(left) else [path]
    return chosen


def _stated(path: Path, paths: Iterable[Path], project: Path) -> Digests:
    """Return the definitions of some files, each with the tests of a test file that it affects."""
    bases = {name: of for each in paths for name, of in classes(each.read_bytes()).items()}
    held = {name: ancestors(name, bases) for name in classes(path.read_bytes())}
    relative = path.relative_to(project).as_posix()
    result: Digests = {}
    for each in paths:
        for text, class_, test in stated(each.read_bytes()):
            holders = [f"{name}::" for name, among in held.items() if class_ in among]
            if class_ and not holders:
                continue  # a suite that this file does not use
            tests = [f"{relative}::{holder}{test}" for holder in (holders if class_ else [""])]
            result[_digest(each, project, text)] = tests if test else []
    return result


def ancestors(name: str, bases: Mapping[str, set[str]]) -> set[str]:
    """Return the names of a class and of all its base classes."""
    return {name}.union(*(ancestors(base, bases) for base in bases.get(name, ())))


@cache
def classes(content: bytes) -> dict[str, set[str]]:
    """Return the classes of a module, each with the names of its bases."""
    return {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for node in ast.parse(content).body
        if isinstance(node, ast.ClassDef)
    }


@cache
def stated(content: bytes) -> list[tuple[str, str, str]]:
    """Return the definitions of a module, without imports: the source, its class, and its test."""
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
    """Return the name of a test function; empty for other statements."""
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
    """Return the modules of a project that one of them imports, with their parent packages."""
    wanted: set[str] = set()
    for _, base, taken in imported(name, path):
        wanted |= {base, f"{base}.{taken}"}
    parents = {
        name.rsplit(".", depth)[0] for name in wanted for depth in range(name.count(".") + 1)
    }
    return (wanted | parents) & set(modules)


def imported(name: str, path: Path) -> list[tuple[int, str, str]]:
    """Return the imports of a module: the line, the module, and the imported name, if any."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = []
    for line, level, base, taken in statements(path.read_bytes()):
        outer = package.split(".")[: package.count(".") + 2 - level] if level else []
        found.append((line, ".".join([*outer, *([base] if base else [])]), taken))
    return found


@cache
def statements(content: bytes) -> list[tuple[int, int, str, str]]:
    """Return the import statements of a module: line, level, module, imported name."""
    found = []
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, 0, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            found += [(node.lineno, node.level, base, alias.name) for alias in node.names]
    return found


def closure(name: str, imported: dict[str, set[str]]) -> list[str]:
    """Return a module and all its imports, direct or indirect."""
    seen, waiting = {name}, [name]
    while waiting:
        fresh = imported[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return sorted(seen)


def _named(paths: Iterable[Path], project: Path) -> list[Path]:
    """Return the files under `confs/` and `data/` that the source of some files names."""
    named = {match.decode() for path in paths for match in NAMED.findall(path.read_bytes())}
    return [project / each for each in sorted(named) if (project / each).is_file()]


def _digest(path: Path, project: Path, text: str | None = None) -> str:
    """Return the digest of a file, or of a part of its text."""
    where = path.relative_to(project).as_posix().encode()
    content = path.read_bytes() if text is None else text.encode()
    return hashlib.sha256(where + b"\0" + content).hexdigest()
