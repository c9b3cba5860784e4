"""What a tracker is: a place, beside its own folder, where a run is recorded."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from ..runs.run import FinishedRun
from ..strategy import Strategy


class Tracker(Strategy, ABC):
    """A way to record runs."""

    kind: str

    @abstractmethod
    def track(self, run: FinishedRun) -> str:
        """Record a finished run: its configuration, its metrics, and every file in its folder.

        Returns:
            Where a person finds it.

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
