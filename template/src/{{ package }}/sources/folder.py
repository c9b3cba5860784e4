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

DIGITS = 12  # of a fingerprint, by which a model is told from what lay there before


class FolderSource(Source):
    """A model folder.

    Attributes:
        kind: `folder`.
        path: Where it is; a part `latest` stands for the newest run.
    """

    kind: Literal["folder"] = "folder"
    path: Location

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
    """Refuse a model of which a version did not speak.

    Raises:
        ArtifactError: If another one lies there by now, or none.
    """
    if fingerprint(folder)[:DIGITS] != mark:
        raise ArtifactError(f"{folder}: another model took its place meanwhile: try again")
