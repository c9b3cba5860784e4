"""The source interface: where saved models are loaded from.

A custom implementation::

    from collections.abc import Iterator
    from contextlib import contextmanager
    from pathlib import Path
    from typing import Literal

    from .base import Source

    class ShareSource(Source):
        kind: Literal["share"] = "share"
        model: str

        def version(self) -> str:
            return Path("/mnt/models", self.model, "current").read_text()

        @contextmanager
        def opened(self, version: str) -> Iterator[Path]:
            yield Path("/mnt/models", self.model, version)

Its configuration::

    model:
      kind: share
      model: demand
"""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path

from ..models.artifact import Artifact, load
from ..runs.run import Run
from ..strategy import Strategy


class Source(Strategy, ABC):
    """A place from which a saved model is loaded; its current model may change over time."""

    kind: str

    def paths(self) -> tuple[Path, ...]:
        """Return the files and folders that hold the current model; none if they are unknown."""
        return ()

    @abstractmethod
    def version(self) -> str:
        """Return the version of the current model; different models have different versions.

        Raises:
            ProjectError: If there is no model, or the source cannot be reached.
        """

    @abstractmethod
    def opened(self, version: str) -> AbstractContextManager[Path]:
        """Yield the folder of the model of a version, for reading only.

        Raises:
            ProjectError: If it was removed or replaced meanwhile, or cannot be reached.
        """

    def load(self, version: str) -> Artifact:
        """Load the model of a version, after verifying its hashes.

        Raises:
            ProjectError: If it was removed, replaced or damaged, or cannot be reached.
        """
        with self.opened(version) as folder:
            return load(folder)

    def read(self, run: Run, role: str = "model") -> Artifact:
        """Load the current model, and record that a run used it.

        Args:
            run: The run that records the version.
            role: The role of the model in the run.
        """
        version = self.version()
        run.models[role] = version
        return self.load(version)
