"""Permutation importance: how much a metric degrades when a feature is permuted."""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ..metrics.base import Metric
from ..models.base import Predictor
from ..plots.base import COLORS, caption, plot
from .scoring import Sample

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS = 1_000
CELLS = 1_000_000  # of the shuffled tables that are predicted at once
REPEATS = 3
SHOWN = 20


def importance(predictor: Predictor, sample: Sample, metric: Metric, seed: int) -> dict[str, float]:
    """Compute the permutation importance of each feature.

    Breiman, Random Forests, Machine Learning 45 (2001).

    Args:
        predictor: The fitted model.
        sample: Rows; at most 1,000 of them, drawn at random, are used.
        metric: The metric.
        seed: The seed of sampling and shuffling.

    Returns:
        By feature, the mean degradation of the metric over three shuffles, in its unit, in
        descending order; close to 0 for an irrelevant feature.
    """
    random = np.random.default_rng(seed)
    rows = random.permutation(sample.truth.size)[:ROWS]  # the sample is in the order of the data
    features, truth = sample.features.take(rows), sample.truth[rows]
    sign = 1 if metric.greater_is_better else -1
    whole = sign * metric.compute(metric.accumulate(truth, sample.outputs[rows]))
    names = features.column_names
    at_once = max(1, CELLS // (REPEATS * truth.size * len(names)))
    values: list[float] = []
    for start in range(0, len(names), at_once):
        tables = [
            _permuted(features, at, random) for at in range(len(names))[start : start + at_once]
        ]
        outputs = np.split(predictor.outputs(pa.concat_tables(tables)), REPEATS * len(tables))
        values += [
            whole - sign * metric.compute(metric.accumulate(truth, each)) for each in outputs
        ]
    means = np.reshape(values, (len(names), REPEATS)).mean(axis=1).tolist()
    return dict(sorted(zip(names, means, strict=True), key=lambda item: -item[1]))


def _permuted(features: pa.Table, at: int, random: np.random.Generator) -> pa.Table:
    """Return the rows three times, with a column that is permuted each time."""
    order = np.concatenate([random.permutation(features.num_rows) for _ in range(REPEATS)])
    repeated = pa.concat_tables([features] * REPEATS)
    return repeated.set_column(at, features.schema.field(at), features.column(at).take(order))


def importance_plot(losses: dict[str, float], metric: Metric) -> "Figure":
    """Draw the importance of at most 20 features, the greatest on top."""
    greatest = dict(list(losses.items())[:SHOWN])
    change = "decrease" if metric.greater_is_better else "increase"
    label = f"{change} in {metric.kind} when permuted"
    figure, axes = plot(label, "", height=max(2.4, 0.3 * len(greatest) + 1))
    axes.barh(range(len(greatest)), list(greatest.values()), color=COLORS[0])
    axes.set_yticks(range(len(greatest)), [caption(name) for name in greatest])
    axes.invert_yaxis()
    return figure
