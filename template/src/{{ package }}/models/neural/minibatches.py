"""Minibatches: the rows of an epoch, a few at a time, from memory or from a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ..rows import Batch, Rows
from .preparation import Preparation

SHUFFLED = 131_072  # rows of a stream that are shuffled among each other


@dataclass(frozen=True)
class Minibatch:
    """Some rows as a network learns from them.

    Attributes:
        numbers: See `Inputs.numbers`.
        codes: See `Inputs.codes`.
        target: float32 or int64 of shape (n,).
        weight: How much each row counts, float32 of shape (n,); 0 for what only fills up.
    """

    numbers: NDArray[np.float32]
    codes: NDArray[np.int64]
    target: NDArray[Any]
    weight: NDArray[np.float32]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.target.size

    def take(self, which: "slice | NDArray[np.int64]") -> Self:
        """Return some of the rows."""
        return type(self)(
            self.numbers[which], self.codes[which], self.target[which], self.weight[which]
        )

    def joined(self, other: Self) -> Self:
        """Return these rows, then the other's."""
        return type(self)(
            np.concatenate([self.numbers, other.numbers]),
            np.concatenate([self.codes, other.codes]),
            np.concatenate([self.target, other.target]),
            np.concatenate([self.weight, other.weight]),
        )

    def filled(self, size: int) -> Self:
        """Return as many rows as told, the last ones repeated with weight 0."""
        if len(self) == size:
            return self
        more = self.take(np.zeros(size - len(self), np.int64))
        nothing = type(self)(more.numbers, more.codes, more.target, np.zeros_like(more.weight))
        return self.joined(nothing)


class Minibatches:
    """Rows that are gone over in minibatches of one size, as often as wanted."""

    def __init__(self, rows: Rows, preparation: Preparation, size: int, *, streaming: bool) -> None:
        """Hold all rows prepared, unless they are streamed.

        Args:
            rows: The rows.
            preparation: How they become numbers.
            size: How many rows a minibatch has; fewer if there are not as many.
            streaming: Whether they are read anew each time.
        """
        self._rows = rows
        self._preparation = preparation
        self._size = min(size, rows.count)
        self._held = None if streaming else self._prepared(rows.whole())

    def epoch(self, random: np.random.Generator | None = None) -> Iterator[tuple[Minibatch, int]]:
        """Go over all rows once.

        Args:
            random: What rows are shuffled by, if they are: all of those in memory, a part after
                another of those that are streamed.

        Yields:
            A minibatch, filled up if it is the last one, and how many rows of it are real.
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
            yield rest.filled(self._size), len(rest)

    def _parts(self) -> Iterator[Minibatch]:
        """Give the rows in parts that fit memory: one, if they are held."""
        if self._held is not None:
            yield self._held
            return
        part: Minibatch | None = None
        for batch in self._rows.batches():
            more = self._prepared(batch)
            part = more if part is None else part.joined(more)
            if len(part) >= SHUFFLED:
                yield part
                part = None
        if part is not None:
            yield part

    def _prepared(self, batch: Batch) -> Minibatch:
        """Turn rows into what a network learns from."""
        inputs = self._preparation.inputs(batch.features)
        target = self._preparation.target(batch.target, self._rows.problem)
        weight = np.ones(target.size) if batch.weight is None else batch.weight
        return Minibatch(inputs.numbers, inputs.codes, target, weight.astype(np.float32))
