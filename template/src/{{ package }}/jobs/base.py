"""What a job is: the parts it works with, and the work."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from ..errors import ProjectError
from ..files import local_folder
from ..places import Place, place
from ..runs.run import FinishedRun, Run, perform
from ..strategy import Strategy
from ..trackers import AnyTracker
from ..trackers.base import Tracker

logger = logging.getLogger(__name__)


class Job(Strategy, ABC):
    """A kind of work, with the parts it works with.

    Attributes:
        kind: The name of the implementation.
        seed: What every random choice follows from.
        output: The folder of all runs.
        makes: The names of the artifacts that it records, if they are always the same.
        trackers: Where runs are recorded, beside their own folders.
    """

    makes: ClassVar[tuple[str, ...] | None] = None

    kind: str
    seed: int = 0
    output: Place = place("runs")
    trackers: tuple[AnyTracker, ...] = ()

    @abstractmethod
    def execute(self, run: Run) -> None:
        """Do the work, and add to the run what was read, measured, drawn and made.

        Raises:
            ProjectError: If an input is not what it must be; nothing is left behind.
        """

    def run(self, stated: Mapping[str, Any]) -> FinishedRun:
        """Do the work as a run, with a folder, a record and a report.

        Args:
            stated: The configuration that states this job.
        """
        finished = perform(self.kind, self.output, stated, self.execute)
        if errors := list(self._record(finished)):
            whole = f"the run is whole in {finished.folder}, but "
            raise ProjectError("\n".join(f"{whole}{error}" for error in errors)) from errors[0]
        return finished

    def _record(self, finished: FinishedRun) -> Iterator[ProjectError]:
        """Record a run by every tracker, and yield what those say that cannot."""
        trackers: Sequence[Tracker] = self.trackers
        for tracker in trackers:
            try:
                with local_folder(finished.folder) as folder:
                    recorded = tracker.track(replace(finished, folder=folder))
                logger.info("recorded in %s", recorded)
            except ProjectError as error:
                yield error
