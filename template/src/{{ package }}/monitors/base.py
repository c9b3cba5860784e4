"""What a monitor is: a way to hold current rows against those that a model was made for."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import pyarrow as pa

from ..errors import DataError
from ..strategy import Strategy
from ..tasks.base import Problem
from .findings import Findings, Threshold


@dataclass(frozen=True)
class Watched:
    """Some rows of a table, drawn uniformly, and what a model makes of them.

    Attributes:
        features: What the model sees, n rows.
        predictions: What its task makes of its outputs, n rows; see `Task.decode`.
        target: What it should have predicted, shape (n,), where that is known.
    """

    features: pa.Table
    predictions: pa.Table
    target: pa.ChunkedArray | None

    def table(self, problem: Problem, *, labeled: bool = True) -> pa.Table:
        """Return all of it as one table, with the target or without.

        Raises:
            DataError: If a column of the data contract is named as one of the predictions.
        """
        whole = self.features
        if labeled and self.target is not None:
            whole = whole.append_column(problem.target.name, self.target)
        for name in self.predictions.column_names:
            if name in whole.column_names:
                raise DataError(f"the column '{name}' is named as a prediction is: rename it")
            whole = whole.append_column(name, self.predictions[name])
        return whole


class Monitor(Strategy, ABC):
    """A way to watch data and predictions.

    Attributes:
        kind: The name of the implementation.
        thresholds: What decides whether a run is good enough; the last that is about a value does.
    """

    kind: str
    thresholds: tuple[Threshold, ...] = ()

    @abstractmethod
    def watch(self, problem: Problem, reference: Watched, current: Watched) -> Findings:
        """Hold current rows against reference rows.

        Args:
            problem: What the model predicts from what.
            reference: Rows as they should be.
            current: Rows as they are.

        Raises:
            DataError: If nothing can be said of such rows.
        """
