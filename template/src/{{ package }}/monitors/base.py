"""The monitor interface: comparing current data and predictions with a reference.

A custom implementation::

    from typing import Literal

    from ..tasks.base import Problem
    from .base import Monitor, Watched
    from .findings import Finding, Findings, tabulated

    class RowMonitor(Monitor):
        kind: Literal["rows"] = "rows"

        def watch(self, problem: Problem, reference: Watched, current: Watched) -> Findings:
            rows = Finding("Rows", current.features.num_rows)
            return Findings(tabulated([rows]), "<p>Rows were counted.</p>")

Its configuration::

    monitors:
      - kind: rows
        thresholds: [{metric: Rows, min: 100}]
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import pyarrow as pa

from ..errors import DataError
from ..strategy import Strategy
from ..tasks.base import Problem
from .findings import Findings, Threshold


@dataclass(frozen=True)
class Watched:
    """A uniform sample of a table, with the predictions of a model.

    Attributes:
        features: The features, n rows.
        predictions: The decoded predictions, n rows; see `Task.decode`.
        target: The target, shape (n,), if it is known.
    """

    features: pa.Table
    predictions: pa.Table
    target: pa.ChunkedArray | None

    def table(self, problem: Problem, *, labeled: bool = True) -> pa.Table:
        """Return all columns as one table, with or without the target.

        Raises:
            DataError: If a column of the data contract has the name of a prediction column.
        """
        whole = self.features
        if labeled and self.target is not None:
            whole = whole.append_column(problem.target.name, self.target)
        for name in self.predictions.column_names:
            if name in whole.column_names:
                raise DataError(f"the column '{name}' is also a prediction column: rename it")
            whole = whole.append_column(name, self.predictions[name])
        return whole


class Monitor(Strategy, ABC):
    """A way to monitor data and predictions.

    Attributes:
        kind: The name of the implementation.
        thresholds: The criteria of a run; for each value, the last threshold that matches decides.
    """

    kind: str
    thresholds: tuple[Threshold, ...] = ()

    @abstractmethod
    def watch(self, problem: Problem, reference: Watched, current: Watched) -> Findings:
        """Compare current rows with reference rows.

        Args:
            problem: The problem of the model.
            reference: The reference sample.
            current: The current sample.

        Raises:
            DataError: If the samples cannot be compared.
        """
