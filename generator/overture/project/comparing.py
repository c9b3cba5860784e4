"""A project compared with its template: what the user changed, and what an update would change."""

from collections.abc import Iterable
from typing import TypeAlias

from overture.files import File, Files
from overture.project.opening import Opened
from overture.project.project import Project
from overture.project.renderings import Rendering, compared

FilePair: TypeAlias = tuple[str, File | None, File | None]  # a path with its old and new file


def own_changes(project: Project, old: Rendering) -> tuple[FilePair, ...]:
    """Return the files that the user changed since a rendering."""
    paths = (path for path in old.files if path != project.answers_file)
    return _differing(paths, old.files, compared(project, old.files))


def incoming_changes(upgraded: Opened, old: Rendering) -> tuple[tuple[FilePair, ...], Rendering]:
    """Return the files that an update would change, and the rendering of the new version.

    Args:
        upgraded: The project, opened with the new version.
        old: The rendering that the project was made from.
    """
    answers = upgraded.new.interview.resolve(upgraded.answers).answers
    new = Rendering.of(upgraded.project, upgraded.new, answers)
    paths = sorted({*old.files, *new.files} - {upgraded.project.answers_file})
    return _differing(paths, old.files, new.files), new


def _differing(paths: Iterable[str], old: Files, new: Files) -> tuple[FilePair, ...]:
    pairs = ((path, old.get(path), new.get(path)) for path in paths)
    return tuple(pair for pair in pairs if pair[1] != pair[2])
