"""Files that move: the template's, and the user's own in a package that is renamed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from overture.errors import BlockedPathError
from overture.project.project import Project
from overture.project.renderings import Rendering


@dataclass(frozen=True)
class Moves:
    """The new path of files, by their old one.

    Attributes:
        managed: Files that the template renders.
        own: The user's own files in the package.
    """

    managed: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, project: Project, old: Rendering, new: Rendering, migrated: Mapping[str, str]
    ) -> Self:
        """Return the moves between two renderings.

        Args:
            project: The project.
            old: The rendering that the project was made from.
            new: The rendering to follow.
            migrated: The moves of the template's migrations, with the names of the new rendering.

        Raises:
            BlockedPathError: If a file of the user cannot follow its package.
        """
        before, after = (f"src/{side.answers.get('package')}/" for side in (old, new))
        if before == after:
            return cls(migrated)

        def renamed(path: str) -> str:
            return after + path.removeprefix(before)

        managed = {path: renamed(path) for path in old.files if path.startswith(before)}
        managed = {path: migrated.get(target, target) for path, target in managed.items()}
        found = (path for path in project.own_paths() if path.startswith(before))
        own = {path: renamed(path) for path in found if path not in old.files}
        for path, target in own.items():
            _check(project, path, target)
        own = {path: target for path, target in own.items() if (project.root / path).exists()}
        return cls({**migrated, **managed}, own)


def _check(project: Project, path: str, target: str) -> None:
    """Refuse to move a file of the user to a path that is taken or impossible."""
    place = project.root / path
    if place.is_symlink() or place.is_dir():
        kind = "symbolic link" if place.is_symlink() else "repository of its own"
        message = f"{path} is a {kind}, which cannot follow its package to {target}"
        raise BlockedPathError(message, "Remove it, commit that, and create it again afterwards.")
    if (project.root / target).exists():
        message = f"{target} exists already, so {path} cannot follow its package"
        raise BlockedPathError(message, "Move one of them, commit that, and try again.")
