"""Conflict markers that are left in files."""

import re
from collections.abc import Iterable

from .files import read
from .project import Project

_MARKER = re.compile(rb"^<{7} ", re.MULTILINE)


def marked(project: Project, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the places of some files where a conflict is still marked, as `path:line`."""
    found: list[str] = []
    for path in paths:
        file = read(project.root / path)
        if file is None or file.is_binary:
            continue
        starts = (match.start() for match in _MARKER.finditer(file.content))
        found += [f"{path}:{_line(file.content, start)}" for start in starts]
    return tuple(found)


def _line(content: bytes, position: int) -> int:
    """Return the number of the line at a position, from 1."""
    return content.count(b"\n", 0, position) + 1
