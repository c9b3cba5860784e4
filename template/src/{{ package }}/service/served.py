"""The model that a service predicts with, which is replaced while it goes on."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from ..errors import ProjectError
from ..models.artifact import Artifact
from ..schemas import SCHEMAS
from ..schemas.base import arrow
from ..sources.base import Source
from ..tasks import task_of
from .bodies import Rows

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """A model in memory, and its version."""

    artifact: Artifact
    version: str


class Served:
    """The newest model of a source that predicts the same problem as the first one did.

    Attributes:
        versions: Every version that it served, in order.
    """

    def __init__(self, source: Source, told: Callable[[str, str], None]) -> None:
        """Load the model that lies in a source.

        Args:
            source: Where models lie.
            told: Told how each swap ended, `served` or `failed`, and of which version.

        Raises:
            ProjectError: If there is none, or it cannot be loaded.
        """
        self._source = source
        self._told = told
        version = source.version()
        self._loaded = Loaded(source.load(version), version)
        self.versions = [version]
        self.problem = self._loaded.artifact.manifest.problem
        self._identifiers = SCHEMAS[self.problem.task].identifiers
        self._schema = arrow(*self._identifiers, *self.problem.features)
        self._task = task_of(self.problem.task)
        told("served", version)

    @property
    def version(self) -> str:
        """The version of the model that predicts now."""
        return self._loaded.version

    def predict(self, rows: Rows) -> tuple[Rows, str]:
        """Return what is predicted of rows, with their identifiers, and by which version."""
        loaded = self._loaded  # one reference, so that one model predicts them all
        table = pa.Table.from_pylist(rows, self._schema)
        outputs = loaded.artifact.predictor.outputs(table)
        predicted = self._task.decode(outputs, self.problem)
        for column in reversed(self._identifiers):
            predicted = predicted.add_column(0, column.name, table[column.name])
        return predicted.to_pylist(), loaded.version

    def refresh(self) -> None:
        """Load the model that lies in the source now, if it is another; keep this one if not."""
        version = "unknown"
        try:
            version = self._source.version()
            if version == self.version:
                return
            artifact = self._source.load(version)
        except ProjectError as error:
            self._keep(version, str(error))
            return
        except Exception as error:  # whatever it is, what is served is better than nothing
            self._keep(version, f"{type(error).__name__}: {error}")
            return
        if artifact.manifest.problem != self.problem:
            self._keep(version, "it predicts something else; start the service anew for it")
            return
        self._loaded = Loaded(artifact, version)
        self.versions.append(version)
        logger.info("serving %s", version)
        self._told("served", version)

    def _keep(self, version: str, reason: str) -> None:
        logger.warning("still serving %s, not %s: %s", self.version, version, reason)
        self._told("failed", version)

    def watch(self, seconds: float, stop: threading.Event) -> None:
        """Refresh again and again, until told to stop."""
        while not stop.wait(seconds):
            self.refresh()
