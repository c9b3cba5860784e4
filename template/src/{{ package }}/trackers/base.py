"""The tracker interface: a service or a file that records runs, besides their own folders.

A custom implementation::

    from collections.abc import Mapping
    from pathlib import Path
    from typing import Literal

    from ..runs.records import StartedRun
    from ..runs.run import FinishedRun
    from .base import Recording, Tracker

    class LogRecording(Recording):
        def __init__(self, file: Path) -> None:
            self.file = file

        def log(self, step: int, metrics: Mapping[str, float]) -> None:
            with self.file.open("a") as file:
                print(step, *metrics.items(), file=file)

        def finish(self, run: FinishedRun) -> str:
            self.log(-1, run.record.metrics)
            return str(self.file)

        def fail(self) -> None:
            self.log(-1, {})

    class LogTracker(Tracker):
        kind: Literal["log"] = "log"
        file: Path

        def start(self, run: StartedRun) -> Recording:
            return LogRecording(self.file)

Its configuration::

    trackers:
      - kind: log
        file: runs.log
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..runs.records import StartedRun
from ..runs.run import FinishedRun
from ..strategy import Strategy


class Recording(ABC):
    """The recording of one run, which ends with either `finish` or `fail`."""

    @abstractmethod
    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Record metrics of a step, while the job runs.

        Args:
            step: The number of the step, in ascending order.
            metrics: Their values, by name.

        Raises:
            ProjectError: If the tracker cannot be reached, or refuses.
        """

    @abstractmethod
    def finish(self, run: FinishedRun) -> str:
        """Record the metrics, the inputs and every file of the finished run.

        Returns:
            Where the user finds the recorded run.

        Raises:
            ProjectError: If the tracker cannot be reached, or refuses.
        """

    @abstractmethod
    def fail(self) -> None:
        """Mark the run as failed.

        Raises:
            ProjectError: If the tracker cannot be reached, or refuses.
        """


class Tracker(Strategy, ABC):
    """A way to record runs.

    Attributes:
        kind: The name of the implementation.
    """

    kind: str

    def check(self) -> None:
        """Check the configuration before the job starts, without recording anything.

        Raises:
            ProjectError: If no run could be recorded, as for a malformed address.
        """

    def paths(self) -> tuple[Path, ...]:
        """Return the files that hold recorded runs, if they are files of this machine."""
        return ()

    @abstractmethod
    def start(self, run: StartedRun) -> Recording:
        """Start to record a run, with its configuration.

        Args:
            run: The started run, or the record of a finished one.

        Raises:
            ProjectError: If the tracker cannot be reached, or refuses.
        """


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield nested values as text, with dotted keys."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
