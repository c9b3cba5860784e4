"""Deleted files of the template restored in a project."""

from collections.abc import Sequence

from overture.errors import BlockedPathError, UnknownFileError
from overture.files import write
from overture.project.project import Project, Recorded
from overture.project.renderings import recorded_rendering
from overture.template.template import Template


def restore_files(project: Project, recorded: Recorded, paths: Sequence[str]) -> None:
    """Write files as the template rendered them.

    Args:
        project: The project.
        recorded: What it was rendered from.
        paths: The files, which must be deleted.

    Raises:
        UnknownFileError: If the template renders no such file.
        BlockedPathError: If the file exists.
    """
    with Template.reopen(recorded.template, recorded.version) as template:
        rendered = recorded_rendering(project, template, recorded)
    for path in paths:
        if path not in rendered.files:
            message = f"The template renders no file {path} for this project."
            raise UnknownFileError(message, "See: overture check")
        if (project.root / path).exists():
            message = f"{path} exists, and nothing is overwritten."
            raise BlockedPathError(message, "Remove it first, if that is what you want.")
    for path in paths:
        write(project.root / path, rendered.files[path])
