"""Conflict markers in files."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from overture.files import HEAD, is_binary
from overture.project.project import Project

_MARKER = b"<<<<<<< "
_LARGEST = 512 * 2**20  # git treats larger files as binary, and marks nothing in them


def marked(project: Project, paths: Iterable[str]) -> tuple[str, ...]:
    """Return where conflicts are marked in some files, as `path:line`."""
    found: list[str] = []
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            found += [f"{path}:{number}" for number in _lines(project.root / path)]
    return tuple(found)


def _lines(path: Path) -> Iterator[int]:
    """Yield the number of each line, from 1, at which a conflict begins."""
    if path.stat().st_size > _LARGEST:
        return
    with path.open("rb") as stream:
        if is_binary(stream.read(HEAD)):
            return
        stream.seek(0)
        for number, line in enumerate(stream, start=1):
            if line.startswith(_MARKER):
                yield number
