"""Scoring: how good predictions are, found in one pass over batches of rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import ProjectError
from ..metrics.base import Metric
from ..models.base import Predictor
from ..schemas.base import check_target, select
from ..tasks import task_of

SAMPLE = 5_000


@dataclass(frozen=True)
class Sample:
    """Some of the rows, drawn uniformly.

    Attributes:
        features: What the model saw, n rows.
        truth: The encoded target, shape (n,).
        outputs: What the model gave, shape (n,) or (n, classes).
    """

    features: pa.Table
    truth: NDArray[Any]
    outputs: NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """How good the predictions are.

    Attributes:
        metrics: The value of each metric, by its kind.
        rows: How many rows were scored.
        sample: At most 5,000 of them.
    """

    metrics: dict[str, float]
    rows: int
    sample: Sample


Observe = Callable[[pa.Table, NDArray[Any], NDArray[np.float64]], None]


class Tally:
    """Metrics of the rows that were taken in, whose number may be any."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        """State what is measured."""
        self._metrics = metrics
        self._states: dict[str, NDArray[np.float64]] = {}
        self.rows = 0

    def add(self, truth: NDArray[Any], outputs: NDArray[np.float64]) -> None:
        """Take in rows: their truth, shape (n,), and outputs, shape (n,) or (n, classes)."""
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
    """Score a predictor; memory does not grow with the rows.

    Args:
        predictor: The fitted model.
        metrics: What is measured.
        batches: Rows with the features and the target, at least one.
        seed: What the sample follows from.
        advance: Told how many rows each batch had.
        observe: Given each batch as a table, its truth, and the outputs.

    Raises:
        DataError: If a target is missing, or is of a class that the model never saw.
        ProjectError: If the model gives what is no number.
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
                "the model predicts what is no finite number: it has not learned; scale what it"
                " learns from, or let it learn in smaller steps"
            )
        tally.add(truth, outputs)
        observe(table, truth, outputs)
        kept = [_keep([*kept, (random.random(truth.size), Sample(features, truth, outputs))])]
        advance(truth.size)
    return Scores(tally.values(), tally.rows, kept[0][1])


def _keep(
    parts: Sequence[tuple[NDArray[np.float64], Sample]],
) -> tuple[NDArray[np.float64], Sample]:
    """Keep the rows with the smallest random keys: a uniform sample, whatever comes later."""
    keys = np.concatenate([key for key, _ in parts])
    chosen = np.sort(np.argsort(keys, kind="stable")[:SAMPLE])
    sample = Sample(
        pa.concat_tables([part.features for _, part in parts]).take(chosen),
        np.concatenate([part.truth for _, part in parts])[chosen],
        np.concatenate([part.outputs for _, part in parts])[chosen],
    )
    return keys[chosen], sample
