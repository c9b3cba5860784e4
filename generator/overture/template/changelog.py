"""The changelog of a template, filtered for one project."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from overture.template.migrations import version

FILE = "CHANGELOG.md"
_HEADING = re.compile(r"^## \[?v?([^\s\]]+)")
_NAMED = re.compile(r"`([a-z][a-z0-9_]*)`")


@dataclass(frozen=True)
class Release:
    """A version of the changelog: its name, and its entries, each as one line."""

    version: str
    entries: tuple[str, ...]


def releases(
    root: Path, old: str, ids: Collection[str], chosen: Collection[str]
) -> tuple[Release, ...]:
    """Return the entries that concern a project, of the versions after one, newest first.

    An entry that names components concerns a project that has one of them; one that names none
    concerns every project.

    Args:
        root: The template's root, which holds the changelog.
        old: The version after which to start.
        ids: The ids of all components.
        chosen: The ids of the project's.
    """
    path = root / FILE
    if not path.is_file():
        return ()
    found = []
    for name, entries in _sections(path.read_text(encoding="utf-8")):
        try:
            newer = Version(name) > version(old)
        except InvalidVersion:
            continue
        concern = tuple(text for text in entries if _concerns(text, ids, chosen))
        if newer and concern:
            found.append(Release(name, concern))
    return tuple(found)


def _concerns(text: str, ids: Collection[str], chosen: Collection[str]) -> bool:
    named = set(_NAMED.findall(text)) & set(ids)
    return not named or bool(named & set(chosen))


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each version with its entries, whose lines are joined."""
    name, entries = "", list[str]()
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            if name:
                yield name, entries
            name, entries = heading.group(1), []
        elif line.startswith(("- ", "* ")):
            entries.append(line[2:].strip())
        elif line.startswith("  ") and entries:
            entries[-1] += f" {line.strip()}"
    if name:
        yield name, entries
