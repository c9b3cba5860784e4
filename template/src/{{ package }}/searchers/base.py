"""The searcher interface: choosing the next trials, and recording their outcomes.

A custom implementation::

    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Literal

    from .base import Outcome, Search, Searcher, State, Trial
    from .space import Dimension

    class OneTrial(Search):
        def __init__(self) -> None:
            self.done: list[Outcome] = []

        def ask(self, count: int) -> Sequence[Trial]:
            return [] if self.done else [Trial(0, {})]

        def report(self, trial: Trial, step: int, value: float) -> bool:
            return True

        def tell(self, trial: Trial, state: State, value: float | None) -> None:
            self.done.append(Outcome(trial, state, value))

        def outcomes(self) -> Sequence[Outcome]:
            return self.done

    class DefaultSearcher(Searcher):
        kind: Literal["default"] = "default"

        def search(
            self, dimensions: Mapping[str, Dimension], *, greater_is_better: bool, seed: int,
            folder: Path,
        ) -> Search:
            return OneTrial()

Its configuration::

    searcher:
      kind: default
"""

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
    """A set of values to evaluate.

    Attributes:
        number: Its index in the search, from 0.
        values: A value for each dimension, by dotted key.
    """

    number: int
    values: Mapping[str, JsonValue]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a trial.

    Attributes:
        trial: The trial.
        state: Whether it completed, was pruned, or failed.
        value: The last value reported; none if it failed before the first.
    """

    trial: Trial
    state: State
    value: float | None


class Search(ABC):
    """A running search; every outcome is persisted at once."""

    @abstractmethod
    def ask(self, count: int) -> Sequence[Trial]:
        """Return the next trials: interrupted ones first, then at most `count` new ones.

        The result is empty once the search is complete.
        """

    @abstractmethod
    def report(self, trial: Trial, step: int, value: float) -> bool:
        """Report an intermediate value of a trial, and return whether it should continue."""

    @abstractmethod
    def tell(self, trial: Trial, state: State, value: float | None) -> None:
        """Record the outcome of a trial."""

    @abstractmethod
    def outcomes(self) -> Sequence[Outcome]:
        """Return the outcomes of all trials, ordered by their numbers."""


class Searcher(Strategy, ABC):
    """A way to search a space.

    Attributes:
        kind: The name of the implementation.
        trials: The maximum number of trials.
    """

    kind: str
    trials: int = Field(20, ge=1)

    def check(self, dimensions: Mapping[str, Dimension]) -> None:
        """Check, before any data is read, that the space can be searched this way.

        Raises:
            ConfigurationError: If it cannot; by default every space can.
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
        """Start a search, or resume an interrupted one.

        Args:
            dimensions: The dimensions of the space, by dotted key.
            greater_is_better: Whether the value is maximized.
            seed: The same seed gives the same trials if the same values are reported.
            folder: Where the search is persisted; it may contain an interrupted search.

        Raises:
            ProjectError: If the contents of the folder cannot be read.
        """
