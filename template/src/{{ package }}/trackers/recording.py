"""Recording a run in several trackers, none of which can make its job fail."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from ..errors import ConfigurationError, ProjectError
from ..files import local_folder
from ..runs.records import StartedRun
from ..runs.run import FinishedRun
from .base import Recording, Tracker

logger = logging.getLogger(__name__)


class Recordings:
    """The recordings of one run, by some trackers, while its job runs.

    A tracker starts when the job first logs metrics, or else when the job has finished: an invalid
    input leaves no trace. One that fails meanwhile is given the whole run again at the end.
    """

    def __init__(self, trackers: Sequence[Tracker]) -> None:
        """State the trackers."""
        self._live: list[Recording | None] = [None] * len(trackers)
        self._trackers = trackers
        self._failed: set[int] = set()
        self._logged: list[tuple[int, Mapping[str, float]]] = []

    def check(self) -> None:
        """Check every tracker before the job starts.

        Raises:
            ConfigurationError: If one cannot record any run.
        """
        for at, tracker in enumerate(self._trackers):
            try:
                tracker.check()
            except ProjectError as error:
                raise ConfigurationError(str(error), f"trackers.{at}") from error

    @contextmanager
    def running(self) -> Iterator[None]:
        """Mark the run as failed wherever it is recorded, if its job fails."""
        try:
            yield
        except BaseException:
            for recording in self._live:
                _abandon(recording)
            raise

    def log(self, run: StartedRun, step: int, metrics: Mapping[str, float]) -> None:
        """Record metrics of a step, in every tracker that has not failed."""
        self._logged.append((step, dict(metrics)))
        for at, tracker in enumerate(self._trackers):
            if at in self._failed:
                continue
            try:
                recording = self._live[at] = self._live[at] or tracker.start(run)
                recording.log(step, metrics)
            except Exception as error:  # whatever it is, the job goes on
                logger.warning("%s does not record for now: %s", tracker.kind, error)
                self._failed.add(at)
                _abandon(self._live[at])
                self._live[at] = None

    def finish(self, run: FinishedRun) -> Iterator[ProjectError]:
        """Record the finished run in every tracker, and yield the errors of those that cannot."""
        for at, tracker in enumerate(self._trackers):
            try:
                self._finish(at, tracker, run)
            except ProjectError as error:
                yield error

    def _finish(self, at: int, tracker: Tracker, run: FinishedRun) -> None:
        """Record the finished run in one tracker; if that fails, mark it there as failed."""
        recording = self._live[at]
        try:
            if recording is None:
                recording = tracker.start(run.record)
                for step, metrics in self._logged:
                    recording.log(step, metrics)
            with local_folder(run.folder) as folder:
                logger.info("recorded in %s", recording.finish(replace(run, folder=folder)))
        except BaseException:
            _abandon(recording)
            raise


def _abandon(recording: Recording | None) -> None:
    """Mark a run as failed, as far as its tracker can be reached."""
    if recording is not None:
        with suppress(Exception):
            recording.fail()
