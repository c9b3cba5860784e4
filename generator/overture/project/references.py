"""References from the user's files to what a change removes or moves."""

import ast
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from overture.files import read_all
from overture.project.changes import Change
from overture.template.catalogue import Catalogue

_READ = (".py", ".yaml", ".yml")  # other files, which may be large, are not searched
_KIND = re.compile(r"^[\s-]*kind:\s*[\"']?([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Reference:
    """A line that uses what a change removes or moves.

    Attributes:
        path: The file.
        line: The line's number, from 1.
        name: The name that it uses.
        now: Its new name, if it moved.
    """

    path: str
    line: int
    name: str
    now: str | None = None


def references(change: Change, catalogue: Catalogue) -> tuple[Reference, ...]:
    """Return the lines that import or name what a change removes or moves.

    Files are read as they are after the change. Files of the template that are not edited cannot
    name anything that is gone, so they are skipped.
    """
    gone = {path for path, kind in change.paths.items() if kind == "D"}
    moved = {path: _module(target) for path, target in change.moved.items()}
    names = {_module(path): moved.get(path) for path in gone if path.endswith(".py")}
    removed = [entry for entry in catalogue if _chosen(change.old.answers, entry.id)]
    removed = [entry for entry in removed if not _chosen(change.new.answers, entry.id)]
    kept = [entry for entry in catalogue if _chosen(change.new.answers, entry.id)]
    libraries = {name for entry in removed for name in entry.imports}
    libraries -= {name for entry in kept for name in entry.imports}
    names |= dict.fromkeys(libraries)
    ids = {entry.id for entry in removed if entry.class_name}
    paths = {path for path in change.project.own_files() if path.endswith(_READ)} - gone
    found: list[Reference] = []
    for path, file in sorted({**read_all(change.project.root, paths), **change.after}.items()):
        if file == change.new.files.get(path) or file.is_binary:
            continue
        if path.endswith(".py"):
            found += _imports(path, file.text, names)
        elif path.endswith(_READ) and path != change.project.answers_file:
            found += _kinds(path, file.text, ids)
    return tuple(found)


def _chosen(answers: object, id_: str) -> bool:
    values = answers.values() if isinstance(answers, dict) else ()
    return any(id_ == value or (isinstance(value, list) and id_ in value) for value in values)


def _module(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    parts = parts[1:] if parts[0] in {"src", "tests"} else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: str, text: str, names: Mapping[str, str | None]) -> Iterator[Reference]:
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    package = _module(path).split(".")[: None if path.endswith("__init__.py") else -1]
    for node in nodes:
        imported: list[str] = []
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            imported = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in dict.fromkeys(filter(None, (_nearest(each, names) for each in imported))):
            yield Reference(path, node.lineno, name, names[name])


def _nearest(imported: str, names: Container[str]) -> str | None:
    """Return the innermost of the given modules that contains what is imported."""
    parts = imported.split(".")
    outwards = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((name for name in outwards if name in names), None)


def _kinds(path: str, text: str, ids: Iterable[str]) -> Iterator[Reference]:
    for number, line in enumerate(text.splitlines(), start=1):
        found = _KIND.match(line)
        if found and found.group(1) in ids:
            yield Reference(path, number, f"kind: {found.group(1)}")
