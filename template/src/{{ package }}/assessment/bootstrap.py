"""Bootstrap confidence intervals of metrics, in one pass over batches of rows.

Efron, Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics 7 (1979). Rows are
assigned at random to at most 100 blocks, and blocks are resampled: memory does not grow with the
rows, and with up to 100 rows this is the bootstrap of single rows.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..metrics.base import Metric

BLOCKS = 100

Numbers = NDArray[np.float64]


class Bootstrap:
    """Metrics of models on the same rows, with confidence intervals."""

    def __init__(self, metrics: Sequence[Metric], seed: int) -> None:
        """Take the metrics, and the seed of every random choice."""
        self._metrics = metrics
        self._random = np.random.default_rng(seed)
        self._states: dict[tuple[int, int], Numbers] = {}  # of blocks, by model and metric
        self._models = 0
        self._rows = 0

    def add(self, truth: NDArray[Any], outputs: Sequence[Numbers]) -> None:
        """Add a batch of rows.

        Args:
            truth: The encoded target, shape (n,).
            outputs: The outputs of each model for them, of shape (n,) or (n, classes).
        """
        self._models = len(outputs)
        before = self._rows
        blocks = np.empty(truth.size, dtype=np.int64)
        first = min(truth.size, max(0, BLOCKS - self._rows))  # so that no block stays empty
        blocks[:first] = np.arange(self._rows, self._rows + first)
        blocks[first:] = self._random.integers(BLOCKS, size=truth.size - first)
        self._rows += truth.size
        order = np.argsort(blocks, kind="stable")
        present, starts = np.unique(blocks[order], return_index=True)
        for block, rows in zip(present.tolist(), np.split(order, starts[1:]), strict=True):
            for model, given in enumerate(outputs):
                for at, metric in enumerate(self._metrics):
                    state = metric.accumulate(truth[rows], given[rows])
                    if (model, at) not in self._states:
                        self._states[model, at] = np.zeros((BLOCKS, *state.shape))
                    states = self._states[model, at]
                    known = block < before  # the first rows each have a block of their own
                    states[block] = metric.merge(states[block], state) if known else state

    def table(self, replicates: int, confidence: float) -> pa.Table:
        """Return a row for each metric, with its value and confidence interval.

        With two models, also the second's value, the difference (first minus second), and its
        confidence interval.

        Args:
            replicates: The number of bootstrap replicates.
            confidence: The confidence level, such as 0.95.
        """
        whole = self._values(np.arange(BLOCKS) < self._rows)
        drawn = self._draw(replicates)
        rows = []
        for at, metric in enumerate(self._metrics):
            low, high = interval(drawn[:, 0, at], confidence)
            row = {"metric": metric.kind, "value": whole[0, at], "low": low, "high": high}
            if self._models > 1:
                low, high = interval(drawn[:, 0, at] - drawn[:, 1, at], confidence)
                row |= {
                    "champion": whole[1, at],
                    "difference": whole[0, at] - whole[1, at],
                    "difference_low": low,
                    "difference_high": high,
                }
            rows.append(row)
        return pa.Table.from_pylist(rows)

    def _draw(self, replicates: int) -> Numbers:
        """Return the metrics of resampled blocks: shape (replicates, models, metrics)."""
        blocks = min(BLOCKS, self._rows)
        drawn = self._random.integers(blocks, size=(replicates, blocks))
        return np.stack([self._values(np.bincount(each, minlength=BLOCKS)) for each in drawn])

    def _values(self, times: NDArray[Any]) -> Numbers:
        """Return the metrics of blocks, each repeated as given: shape (models, metrics)."""
        return np.array(
            [
                [
                    metric.compute(merged(metric, self._states[model, at], times))
                    for at, metric in enumerate(self._metrics)
                ]
                for model in range(self._models)
            ]
        )


def merged(metric: Metric, states: Numbers, times: NDArray[Any]) -> Numbers:
    """Return the state of several blocks of rows.

    Args:
        metric: The metric of the states.
        states: The state of each block, shape (n, …).
        times: How often each block counts, shape (n,).
    """
    if type(metric).merge is Metric.merge:
        return np.asarray(np.tensordot(times.astype(np.float64), states, axes=1))
    return reduce(metric.merge, (states[at] for at in np.repeat(np.arange(len(times)), times)))


def interval(values: Numbers, confidence: float) -> tuple[float, float]:
    """Return the central interval that contains a fraction of some values.

    Args:
        values: Shape (n,); NaN is ignored.
        confidence: The fraction, such as 0.95.
    """
    tail = (1 - confidence) / 2
    known = values[np.isfinite(values)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)
