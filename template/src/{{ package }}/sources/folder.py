"""Model folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from ..errors import ArtifactError
from ..files import local_folder
from ..location import Location, location
from ..models.artifact import fingerprint
from ..runs.latest import find
from .base import Source

DIGITS = 12  # of a fingerprint, enough to distinguish models in the same folder


class FolderSource(Source):
    """A model folder.

    Attributes:
        kind: `folder`.
        path: Its location; a part `latest` is the newest run.
    """

    kind: Literal["folder"] = "folder"
    path: Location

    def paths(self) -> tuple[Path, ...]:
        """See `Source.paths`."""
        return (find(self.path),)

    def version(self) -> str:
        """See `Source.version`: the folder, and the beginning of the model's fingerprint."""
        folder = find(self.path)
        return f"{folder}@{fingerprint(folder)[:DIGITS]}"

    @contextmanager
    def opened(self, version: str) -> Iterator[Path]:
        """See `Source.opened`."""
        name, _, mark = version.rpartition("@")
        with local_folder(location(name)) as folder:
            _check(folder, mark)
            yield folder
            _check(folder, mark)


def _check(folder: Path, mark: str) -> None:
    """Check that a folder still contains the model of a version.

    Raises:
        ArtifactError: If it contains another model by now, or none.
    """
    if fingerprint(folder)[:DIGITS] != mark:
        raise ArtifactError(f"{folder}: another model took its place meanwhile: try again")
