"""Slices: metrics of the rows that share a value."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from ..errors import ConfigurationError, nearest
from ..metrics.base import Metric
from ..schemas.base import Column
from .scoring import Tally

MOST = 50  # the most slices of a column
MISSING, OTHERS = "(missing)", "(others)"


class Slice(BaseModel):
    """A column by which rows are sliced.

    Attributes:
        column: Its name.
        edges: The bin edges of a numeric column, ascending; each belongs to the bin above it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    edges: tuple[float, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _check_edges(self) -> "Slice":
        if any(after <= before for before, after in pairwise(self.edges)):
            raise ValueError("edges must ascend")
        return self

    def find(self, columns: Sequence[Column]) -> Column:
        """Return the column among those of the schema.

        Raises:
            ConfigurationError: If there is none of that name, or edges do not fit its kind.
        """
        known = {column.name: column for column in columns}
        if self.column not in known:
            raise ConfigurationError(
                f"unknown column '{self.column}'; {nearest(self.column, known)}", "slices"
            )
        column = known[self.column]
        if (column.kind == "category") == bool(self.edges):
            rule = (
                "has no edges" if self.edges else "needs edges, as {column: age, edges: [30, 60]}"
            )
            raise ConfigurationError(f"'{column.name}', a {column.kind}, {rule}", "slices")
        return column

    def labels(self, values: pa.ChunkedArray) -> list[str]:
        """Return the slice that each row belongs to, shape (n,)."""
        if not self.edges:
            return [MISSING if value is None else str(value) for value in values.to_pylist()]
        edges = [str(edge).removesuffix(".0") for edge in self.edges]
        between = [f"{low} to {high}" for low, high in pairwise(edges)]
        names = [f"< {edges[0]}", *between, f">= {edges[-1]}", MISSING]
        numbers = np.asarray(values.to_numpy(), dtype=np.float64)
        places = np.digitize(numbers, self.edges)
        places[np.isnan(numbers)] = len(names) - 1
        return [names[place] for place in places.tolist()]


class Slices:
    """Metrics of each slice of the rows seen so far."""

    def __init__(self, slices: Sequence[Slice], metrics: Sequence[Metric]) -> None:
        """Take the columns of the slices, and the metrics."""
        self._slices = slices
        self._metrics = metrics
        self._tallies: dict[tuple[str, str], Tally] = {}

    def add(self, table: pa.Table, truth: NDArray[Any], outputs: NDArray[np.float64]) -> None:
        """Add rows, with the columns of the slices."""
        for each in self._slices:
            labels = np.array(each.labels(table[each.column]), dtype=object)
            for label in dict.fromkeys(labels.tolist()):
                rows = labels == label
                self._tally(each.column, label).add(truth[rows], outputs[rows])

    def _tally(self, column: str, label: str) -> Tally:
        """Return the tally of a slice; after the first 50 of a column, they share one."""
        known = [name for at, name in self._tallies if at == column]
        key = (column, label if label in known or len(known) < MOST else OTHERS)
        return self._tallies.setdefault(key, Tally(self._metrics))

    def table(self) -> pa.Table:
        """Return a row for each slice: column, value, number of rows, and each metric."""
        order = [each.column for each in self._slices]
        found = sorted(
            self._tallies.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
        return pa.Table.from_pylist(
            [
                {"column": column, "value": label, "rows": tally.rows} | tally.values()
                for (column, label), tally in found
            ]
        )
