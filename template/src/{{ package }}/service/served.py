"""The model of a service, which can be replaced while the service runs."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from ..assessment.unseen import Unseen
from ..concealing import refer
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
    """A loaded model and its version."""

    artifact: Artifact
    version: str


class Served:
    """The newest model of a source with the same problem as the first.

    Attributes:
        versions: Every version that was served, in order.
        unseen: Counts the categories that the current model does not know.
    """

    def __init__(self, source: Source, told: Callable[[str, str], None]) -> None:
        """Load the current model of a source.

        Args:
            source: The source of models.
            told: Called with the outcome of each swap, `served` or `failed`, and the version.

        Raises:
            ProjectError: If there is no model, or it cannot be loaded.
        """
        self._source = source
        self._told = told
        version = source.version()
        self._loaded = Loaded(source.load(version), refer(version))
        self.versions = [self.version]
        self.problem = self._loaded.artifact.manifest.problem
        self._identifiers = SCHEMAS[self.problem.task].identifiers
        self._schema = arrow(*self._identifiers, *self.problem.features)
        self._task = task_of(self.problem.task)
        self.unseen = Unseen(self._loaded.artifact.categories)
        told("served", self.version)

    @property
    def version(self) -> str:
        """The version of the current model."""
        return self._loaded.version

    def predict(self, rows: Rows) -> tuple[Rows, str]:
        """Return the predictions of rows with their identifiers, and the model's version."""
        loaded = self._loaded  # read once, so that one model predicts all rows
        table = pa.Table.from_pylist(rows, self._schema)
        for batch in table.to_batches():
            self.unseen.add(batch)
        outputs = loaded.artifact.predictor.outputs(table)
        predicted = self._task.decode(outputs, self.problem)
        for column in reversed(self._identifiers):
            predicted = predicted.add_column(0, column.name, table[column.name])
        return predicted.to_pylist(), loaded.version

    def refresh(self) -> None:
        """Load the current model of the source if it has changed; on failure, keep this one."""
        version = "unknown"
        try:
            version = self._source.version()
            if refer(version) == self.version:
                return
            artifact = self._source.load(version)
        except ProjectError as error:
            self._keep(version, str(error))
            return
        except Exception as error:  # whatever the reason, the current model stays
            self._keep(version, f"{type(error).__name__}: {error}")
            return
        if artifact.manifest.problem != self.problem:
            self._keep(version, "it predicts something else; start the service anew for it")
            return
        self._loaded = Loaded(artifact, refer(version))
        self.versions.append(self.version)
        self.unseen.learn(artifact.categories)
        logger.info("serving %s", self.version)
        self._told("served", self.version)

    def _keep(self, version: str, reason: str) -> None:
        logger.warning("still serving %s, not %s: %s", self.version, version, reason)
        self._told("failed", version)

    def watch(self, seconds: float, stop: threading.Event) -> None:
        """Refresh periodically until stopped."""
        while not stop.wait(seconds):
            self.refresh()
