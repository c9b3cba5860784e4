"""What each test file of a rendered project rests on, so that nothing is tested twice.

A test file is as in another project if it and everything of the project that it imports, directly
or not, are the same there to the byte, with the configurations and the data that it names.

The gate looks no further than at the tests themselves, and the suites that they share: a module of
a component is the same wherever it is, and what a module imports is resolved in every selection.
"""

import ast
import hashlib
import re
from functools import cache
from pathlib import Path

NAMED = re.compile(rb"\b(?:confs|data)/[\w./-]*\w")
ROOTS = ("src", "tests")


def digests(project: Path, within: str = "") -> dict[str, str]:
    """Return a digest of all that each test file rests on, by the file's path.

    Args:
        project: The rendered project.
        within: The package in which imports are followed; everywhere if none is named.
    """
    modules = found(project)
    imported = {
        name: {each for each in imports(name, path, modules) if each.startswith(within)}
        for name, path in modules.items()
    }
    always = [project / "tests/conftest.py"]
    return {
        path.relative_to(project).as_posix(): _digest(
            [*always, *(modules[each] for each in closure(name, imported))], project
        )
        for name, path in modules.items()
        if path.name.startswith("test_")
    }


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


def _digest(paths: list[Path], project: Path) -> str:
    """Return the digest of files, and of those under `confs/` and `data/` that their text names."""
    named = {match.decode() for path in paths for match in NAMED.findall(path.read_bytes())}
    digest = hashlib.sha256()
    for path in [*paths, *(project / each for each in sorted(named) if (project / each).is_file())]:
        digest.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
