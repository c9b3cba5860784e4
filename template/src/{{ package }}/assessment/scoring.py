"""Scoring: metrics of predictions, in one pass over batches of rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..datasets.contract import check_target
from ..errors import ProjectError
from ..metrics.base import Metric
from ..models.base import Predictor
from ..schemas.base import select
from ..tasks import task_of

SAMPLE = 5_000


@dataclass(frozen=True)
class Sample:
    """A uniform sample of the rows.

    Attributes:
        features: The features, n rows.
        truth: The encoded target, shape (n,).
        outputs: The model's outputs, shape (n,) or (n, classes).
    """

    features: pa.Table
    truth: NDArray[Any]
    outputs: NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """The scores of a predictor.

    Attributes:
        metrics: The value of each metric, by its kind.
        rows: The number of rows.
        sample: At most 5,000 of them, drawn uniformly.
    """

    metrics: dict[str, float]
    rows: int
    sample: Sample


Observe = Callable[[pa.Table, NDArray[Any], NDArray[np.float64]], None]


class Tally:
    """Metrics of the rows seen so far, in bounded memory."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        """Take the metrics."""
        self._metrics = metrics
        self._states: dict[str, NDArray[np.float64]] = {}
        self.rows = 0

    def add(self, truth: NDArray[Any], outputs: NDArray[np.float64]) -> None:
        """Add rows: their truth, shape (n,), and outputs, shape (n,) or (n, classes)."""
        self.rows += truth.size
        for metric in self._metrics:
            state = metric.accumulate(truth, outputs)
            known = self._states.get(metric.kind)
            self._states[metric.kind] = state if known is None else metric.merge(known, state)

    def values(self) -> dict[str, float]:
        """Return the value of each metric, by its kind."""
        return {metric.kind: metric.compute(self._states[metric.kind]) for metric in self._metrics}


def score(
    predictor: Predictor,
    metrics: Sequence[Metric],
    batches: Iterable[pa.RecordBatch],
    seed: int,
    advance: Callable[[int], None],
    observe: Observe = lambda *_: None,
) -> Scores:
    """Score a predictor, in memory that does not grow with the rows.

    Args:
        predictor: The fitted model.
        metrics: The metrics.
        batches: Rows with the features and the target, at least one.
        seed: The seed of the sample.
        advance: Called with the number of rows of each batch.
        observe: Called with each batch as a table, its truth and the outputs.

    Raises:
        DataError: If a target is missing, or is not among the model's classes.
        ProjectError: If an output is not finite.
    """
    problem = predictor.problem
    task = task_of(problem.task)
    random = np.random.default_rng(seed)
    tally = Tally(metrics)
    kept: list[tuple[NDArray[np.float64], Sample]] = []
    for batch in batches:
        table = pa.Table.from_batches([batch])
        features = select(table, problem.features)
        target = table[problem.target.name]
        check_target(target, problem.target, tally.rows)
        truth = task.encode(target, problem)
        outputs = predictor.outputs(features)
        if not np.isfinite(outputs).all():
            raise ProjectError(
                "the model's predictions are not finite: training diverged; scale the features, or"
                " lower the learning rate"
            )
        tally.add(truth, outputs)
        observe(table, truth, outputs)
        kept = [_keep([*kept, (random.random(truth.size), Sample(features, truth, outputs))])]
        advance(truth.size)
    return Scores(tally.values(), tally.rows, kept[0][1])


def _keep(
    parts: Sequence[tuple[NDArray[np.float64], Sample]],
) -> tuple[NDArray[np.float64], Sample]:
    """Keep the rows with the smallest random keys: a uniform reservoir sample."""
    keys = np.concatenate([key for key, _ in parts])
    chosen = np.sort(np.argsort(keys, kind="stable")[:SAMPLE])
    sample = Sample(
        pa.concat_tables([part.features for _, part in parts]).take(chosen),
        np.concatenate([part.truth for _, part in parts])[chosen],
        np.concatenate([part.outputs for _, part in parts])[chosen],
    )
    return keys[chosen], sample
