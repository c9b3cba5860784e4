"""Labeled rows to fit a model to: in memory, or streamed repeatedly."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..datasets.base import Dataset
from ..errors import DataError
from ..schemas.base import Column, Schema, select
from ..tasks import task_of
from ..tasks.base import Problem


@dataclass(frozen=True)
class Batch:
    """A batch of labeled rows.

    Attributes:
        features: The problem's features, in its order and of its types, with n rows; values may be
            missing.
        target: The encoded target, shape (n,): float64 values of a regression, int64 indices into
            the problem's classes.
        weight: The sample weights, float64 of shape (n,), at least 0; none if all are equal.
    """

    features: pa.Table
    target: NDArray[Any]
    weight: NDArray[np.float64] | None


@dataclass(frozen=True)
class Rows:
    """Labeled rows in a stable order.

    Attributes:
        problem: The problem that is solved.
        weight: The column of sample weights, if any.
        count: The number of rows.
        read: Reads the rows from first to last, each time it is called.
        class_weights: The weight of each class, shape (classes,), with which sample weights are
            multiplied; none if all are equal.
    """

    problem: Problem
    weight: Column | None
    count: int
    read: Callable[[], Iterable[pa.RecordBatch]]
    class_weights: NDArray[np.float64] | None = None

    @classmethod
    def from_table(
        cls,
        table: pa.Table,
        problem: Problem,
        schema: Schema,
        class_weights: NDArray[np.float64] | None = None,
    ) -> Self:
        """Return the rows of a table in memory; see the attributes."""
        return cls(problem, schema.weight, table.num_rows, table.to_batches, class_weights)

    @classmethod
    def from_dataset(
        cls,
        dataset: Dataset,
        positions: NDArray[np.int64],
        problem: Problem,
        schema: Schema,
        class_weights: NDArray[np.float64] | None = None,
    ) -> Self:
        """Return rows of a dataset, which is read each time; one batch is held in memory.

        Args:
            dataset: The dataset.
            positions: The positions of the rows, sorted, shape (n,).
            problem: The problem that is solved.
            schema: The data contract.
            class_weights: The weight of each class, shape (classes,), if they differ.
        """

        def read() -> Iterator[pa.RecordBatch]:
            first = 0
            for batch in dataset.rows(*schema.columns()):
                start, stop = np.searchsorted(positions, (first, first + batch.num_rows))
                if start < stop:
                    yield batch.take(pa.array(positions[start:stop] - first))
                first += batch.num_rows

        return cls(problem, schema.weight, positions.size, read, class_weights)

    @property
    def weighted(self) -> bool:
        """Whether the rows have sample weights."""
        return self.weight is not None or self.class_weights is not None

    def batches(self) -> Iterator[Batch]:
        """Read the rows in bounded batches."""
        for batch in self.read():
            yield self._batch(pa.Table.from_batches([batch]))

    def whole(self) -> Batch:
        """Read all rows into memory."""
        return self._batch(pa.Table.from_batches(self.read()))

    def categories(self) -> dict[str, tuple[str, ...]]:
        """Return the distinct values of each categorical feature, sorted; reads the rows once."""
        names = [column.name for column in self.problem.features if column.kind == "category"]
        found: dict[str, set[str]] = {name: set() for name in names}
        for batch in self.batches() if found else ():
            for name, categories in found.items():
                categories.update(pc.unique(batch.features[name]).drop_null().to_pylist())
        return {name: tuple(sorted(categories)) for name, categories in found.items()}

    def _batch(self, table: pa.Table) -> Batch:
        problem = self.problem
        target = task_of(problem.task).encode(table[problem.target.name], problem)
        weight = None if self.weight is None else _weights(table[self.weight.name], self.weight)
        if self.class_weights is not None:
            weight = self.class_weights[target] * (1 if weight is None else weight)
        return Batch(select(table, problem.features), target, weight)


def _weights(values: pa.ChunkedArray, column: Column) -> NDArray[np.float64]:
    """Return sample weights as numbers.

    Raises:
        DataError: If one is missing, negative or infinite; it names the column.
    """
    weights = np.asarray(values.to_numpy(), dtype=np.float64)
    if wrong := weights[~(np.isfinite(weights) & (weights >= 0))].tolist():
        raise DataError(
            f"the weight '{column.name}' is {wrong[0]} in {len(wrong)} rows: it must be a finite"
            " number of at least 0"
        )
    return weights
