"""What a searcher is: a way to choose what to try next, and to remember what came of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, JsonValue

from ..strategy import Strategy
from .space import Dimension

State = Literal["complete", "pruned", "failed"]


@dataclass(frozen=True)
class Trial:
    """Something to try.

    Attributes:
        number: Its place in the search, from 0.
        values: A value for each dimension, by dotted key.
    """

    number: int
    values: Mapping[str, JsonValue]


@dataclass(frozen=True)
class Outcome:
    """What came of a trial.

    Attributes:
        trial: What was tried.
        state: Whether it ran to its end, was given up because others were better, or failed.
        value: How good it was, as far as it came; none if it failed at once.
    """

    trial: Trial
    state: State
    value: float | None


class Search(ABC):
    """A search that goes on; what it learns is on disk at once."""

    @abstractmethod
    def ask(self, count: int) -> Sequence[Trial]:
        """Return what to try next: first what was interrupted, then at most `count` new trials.

        Nothing is returned once there is nothing more to try.
        """

    @abstractmethod
    def report(self, trial: Trial, step: int, value: float) -> bool:
        """Tell how good a trial is so far, and return whether it is worth going on."""

    @abstractmethod
    def tell(self, trial: Trial, state: State, value: float | None) -> None:
        """Tell what came of a trial."""

    @abstractmethod
    def outcomes(self) -> Sequence[Outcome]:
        """Return what came of each trial, in the order of their numbers."""


class Searcher(Strategy, ABC):
    """A way to search a space.

    Attributes:
        kind: The name of the implementation.
        trials: How many trials there are at most.
    """

    kind: str
    trials: int = Field(20, ge=1)

    def check(self, dimensions: Mapping[str, Dimension]) -> None:
        """Refuse a space that cannot be searched so, before anything is read.

        Raises:
            ConfigurationError: If it cannot; by default any can.
        """

    @abstractmethod
    def search(
        self,
        dimensions: Mapping[str, Dimension],
        *,
        greater_is_better: bool,
        seed: int,
        folder: Path,
    ) -> Search:
        """Begin a search, or go on with one that was interrupted.

        Args:
            dimensions: What is searched, by dotted key.
            greater_is_better: Whether the best value is the greatest.
            seed: The same seed tries the same, if the values told are the same.
            folder: Where the search is kept; it may hold an earlier, interrupted part of it.

        Raises:
            ProjectError: If what the folder holds cannot be read.
        """
