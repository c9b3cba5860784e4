"""The job interface: a configuration of work, and the work itself.

A custom implementation::

    from pathlib import Path
    from typing import Literal

    from ..runs.run import Run
    from .base import BatchJob

    class FileCounting(BatchJob):
        kind: Literal["file_counting"] = "file_counting"
        folder: Path

        def execute(self, run: Run) -> None:
            run.metrics["files"] = len(list(self.folder.iterdir()))

Its configuration::

    kind: file_counting
    folder: data
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from pydantic import Field

from ..errors import ProjectError
from ..location import Location, location
from ..runs.context import RunContext, recorded
from ..runs.run import FinishedRun, Run, perform
from ..strategy import Strategy
from ..trackers import AnyTracker
from ..trackers.recording import Recordings
from .outputs import check_outputs

MAX_SEED = 2**32 - 1  # of NumPy's legacy generator, which libraries use


class Job(Strategy, ABC):
    """A kind of work, with the components that it uses.

    Attributes:
        kind: The name of the implementation.
    """

    kind: str

    @abstractmethod
    def run(self, context: RunContext | None = None) -> FinishedRun | None:
        """Do the work.

        Args:
            context: The configuration as written, and the run that started this one, if any.

        Returns:
            The finished run; none if the job makes none.

        Raises:
            ProjectError: If an input is invalid.
        """


class BatchJob(Job, ABC):
    """A job that produces a run: a folder with its results, a record and a report.

    Attributes:
        seed: The seed of every random choice, 0 to 2**32 - 1.
        output: The folder of all runs.
        trackers: Where runs are recorded, besides their own folders.
        makes: The names of the artifacts that it records, if they are always the same.
        writes: The keys of the datasets that it writes.
    """

    makes: ClassVar[tuple[str, ...] | None] = None
    writes: ClassVar[tuple[str, ...]] = ()

    seed: int = Field(0, ge=0, le=MAX_SEED)
    output: Location = location("runs")
    trackers: tuple[AnyTracker, ...] = ()

    @abstractmethod
    def execute(self, run: Run) -> None:
        """Do the work, and add to the run the inputs, metrics, figures and artifacts.

        Raises:
            ProjectError: If an input is invalid; the run's folder is then removed.
        """

    def run(self, context: RunContext | None = None) -> FinishedRun:
        """See `Job.run`; a tracker that fails does not affect the run's own folder."""
        context = context or RunContext()
        check_outputs(dict(self), self.writes, context.files)
        config = recorded(self.model_dump(mode="json"), context.stated)
        recordings = Recordings(self.trackers)
        recordings.check()
        with recordings.running():
            finished = perform(
                self.kind, self.output, config, self.execute, context.parent, recordings.log
            )
        if errors := list(recordings.finish(finished)):
            whole = f"the run is whole in {finished.folder}, but "
            raise ProjectError("\n".join(f"{whole}{error}" for error in errors)) from errors[0]
        return finished
