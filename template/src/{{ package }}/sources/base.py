"""What a source is: a place from which saved models are read."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path

from ..models.artifact import Artifact, load
from ..runs.run import Run
from ..strategy import Strategy


class Source(Strategy, ABC):
    """Where a saved model lies; which one that is may change with time."""

    kind: str

    @abstractmethod
    def version(self) -> str:
        """Return what names the model that lies there now; another model has another name.

        Raises:
            ProjectError: If there is none, or the place cannot be reached.
        """

    @abstractmethod
    def opened(self, version: str) -> AbstractContextManager[Path]:
        """Give the folder of the model that `version` named, to be read and left as it is.

        Raises:
            ProjectError: If it is gone, or was replaced meanwhile, or cannot be reached.
        """

    def load(self, version: str) -> Artifact:
        """Read the model that `version` named, after checking its hashes.

        Raises:
            ProjectError: If it is gone, replaced or damaged, or the place cannot be reached.
        """
        with self.opened(version) as folder:
            return load(folder)

    def read(self, run: Run, role: str = "model") -> Artifact:
        """Read the model that lies there now, and record that a run used it.

        Args:
            run: What gains the model's name.
            role: What the run uses it for.
        """
        version = self.version()
        run.models[role] = version
        return self.load(version)
