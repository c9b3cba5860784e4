"""Minibatches of the rows of an epoch, from memory or from a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ..rows import Batch, Rows
from .preparation import Preparation

BUFFER_ROWS = 131_072  # of a stream, which are shuffled together


@dataclass(frozen=True)
class Minibatch:
    """A minibatch of n rows.

    Attributes:
        numbers: See `Inputs.numbers`.
        codes: See `Inputs.codes`.
        target: float32 or int64 of shape (n,).
        weight: The sample weights, float32 of shape (n,); 0 for padding.
    """

    numbers: NDArray[np.float32]
    codes: NDArray[np.int64]
    target: NDArray[Any]
    weight: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.target.size

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """Its arrays, in the order of the attributes."""
        return self.numbers, self.codes, self.target, self.weight

    def take(self, which: "slice | NDArray[np.int64]") -> Self:
        """Return some of the rows."""
        return type(self)(*(array[which] for array in self.arrays))

    def joined(self, other: Self) -> Self:
        """Return these rows, followed by the other's."""
        return type(self)(*map(np.concatenate, zip(self.arrays, other.arrays, strict=True)))

    def padded(self, size: int) -> Self:
        """Return a minibatch of some size, padded with rows of weight 0."""
        if len(self) == size:
            return self
        numbers, codes, target, weight = self.take(np.zeros(size - len(self), np.int64)).arrays
        return self.joined(type(self)(numbers, codes, target, np.zeros_like(weight)))


class Minibatches:
    """Rows that are read in minibatches of one size, any number of times.

    Attributes:
        count: The number of rows.
    """

    def __init__(self, rows: Rows, preparation: Preparation, size: int, *, streaming: bool) -> None:
        """Prepare all rows in memory, unless they are streamed.

        Args:
            rows: The rows.
            preparation: The conversion of rows to inputs.
            size: The size of a minibatch, if there are as many rows.
            streaming: Whether the rows are read and prepared again in each epoch.
        """
        self.count = rows.count
        self._rows = rows
        self._preparation = preparation
        self._size = min(size, rows.count)
        self._in_memory = None if streaming else self._prepared(rows.whole())

    def epoch(self, random: np.random.Generator | None = None) -> Iterator[tuple[Minibatch, int]]:
        """Read all rows once.

        Args:
            random: The generator to shuffle rows with, if any: all rows in memory, or one buffer
                after another of a stream.

        Yields:
            A minibatch, padded if it is the last one, and its number of rows without the padding.
        """
        rest: Minibatch | None = None
        for part in self._parts():
            rows = part if rest is None else rest.joined(part)
            if random is not None:
                rows = rows.take(random.permutation(len(rows)))
            whole = len(rows) // self._size * self._size
            for start in range(0, whole, self._size):
                yield rows.take(slice(start, start + self._size)), self._size
            rest = rows.take(slice(whole, None))
        if rest is not None and len(rest):
            yield rest.padded(self._size), len(rest)

    def _parts(self) -> Iterator[Minibatch]:
        """Yield the rows in parts that fit in memory: one, if all are in memory."""
        if self._in_memory is not None:
            yield self._in_memory
            return
        part: Minibatch | None = None
        for batch in self._rows.batches():
            more = self._prepared(batch)
            part = more if part is None else part.joined(more)
            if len(part) >= BUFFER_ROWS:
                yield part
                part = None
        if part is not None:
            yield part

    def _prepared(self, batch: Batch) -> Minibatch:
        """Convert rows to inputs, target and weights."""
        inputs = self._preparation.inputs(batch.features)
        target = self._preparation.target(batch.target, self._rows.problem)
        weight = np.ones(target.size) if batch.weight is None else batch.weight
        return Minibatch(inputs.numbers, inputs.codes, target, weight.astype(np.float32))
