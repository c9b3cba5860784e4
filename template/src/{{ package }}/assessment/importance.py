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
    repeated = pa.concat_tables([features] * REPEATS)
    losses: dict[str, float] = {}
    fields = list(enumerate(features.schema))
    at_once = max(1, CELLS // (repeated.num_rows * len(fields)))
    for start in range(0, len(fields), at_once):
        some = fields[start : start + at_once]
        tables = []
        for at, field in some:
            order = np.concatenate([random.permutation(truth.size) for _ in range(REPEATS)])
            tables.append(repeated.set_column(at, field, features[field.name].take(order)))
        outputs = np.split(predictor.outputs(pa.concat_tables(tables)), REPEATS * len(some))
        values = [whole - sign * metric.compute(metric.accumulate(truth, each)) for each in outputs]
        means = np.reshape(values, (len(some), REPEATS)).mean(axis=1)
        losses |= {field.name: float(mean) for (_, field), mean in zip(some, means, strict=True)}
    return dict(sorted(losses.items(), key=lambda item: -item[1]))


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
