"""Plots of attributions."""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .base import COLORS, GREY, caption, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 20


def mean_attributions(means: NDArray[np.float64], names: list[str], unit: str) -> "Figure":
    """Draw the mean absolute attribution of each feature, the greatest on top.

    Args:
        means: The mean absolute attributions, shape (features,).
        names: The features.
        unit: What attributions are measured in.
    """
    order = _strongest(means)
    height = max(2.4, 0.3 * len(order) + 1)
    figure, axes = plot(f"mean absolute attribution, {unit}", "", height=height)
    axes.barh(range(len(order)), means[order], color=COLORS[0])
    axes.set_yticks(range(len(order)), [caption(names[at]) for at in order])
    axes.invert_yaxis()
    return figure


def attributions(values: NDArray[np.float64], features: pa.Table, unit: str) -> "Figure":
    """Draw the attributions of each row, a line of points for each feature, the greatest on top.

    A point's color is the rank of the feature's value, pale for low and dark for high; categories
    and missing values are gray.
    """
    from matplotlib.cm import ScalarMappable

    order = _strongest(np.abs(values).mean(axis=0))
    figure, axes = plot(f"attribution, {unit}", "", height=max(2.4, 0.36 * len(order) + 1))
    random = np.random.default_rng(0)
    axes.axvline(0, color=GREY, linewidth=1)
    for line, at in enumerate(order):
        spread = line + random.uniform(-0.25, 0.25, len(values))
        ranks = _ranks(features.column(at))
        known = np.isfinite(ranks)
        axes.scatter(values[~known, at], spread[~known], s=8, color=GREY, linewidths=0)
        axes.scatter(
            values[known, at],
            spread[known],
            s=8,
            c=ranks[known],
            cmap="viridis_r",
            vmin=0,
            vmax=1,
            linewidths=0,
            rasterized=True,
        )
    axes.set_yticks(range(len(order)), [caption(features.column_names[at]) for at in order])
    axes.invert_yaxis()
    key = ScalarMappable(cmap="viridis_r")
    bar = figure.colorbar(key, ax=axes, ticks=[0, 1], label="the feature's value", aspect=40)
    bar.ax.set_yticklabels(["low", "high"])
    return figure


def _strongest(means: NDArray[np.float64]) -> list[int]:
    """Return the features with the greatest means, in descending order; at most 20."""
    return [int(at) for at in np.argsort(-means, kind="stable")[:SHOWN]]


def _ranks(values: pa.ChunkedArray) -> NDArray[np.float64]:
    """Return the rank of each number, from 0 to 1; NaN for missing values and categories."""
    ranks = np.full(len(values), np.nan)
    if pa.types.is_string(values.type):
        return ranks
    numbers = np.asarray(values.to_numpy(), dtype=np.float64)
    known = np.isfinite(numbers)
    _, places = np.unique(numbers[known], return_inverse=True)
    ranks[known] = places / max(1, int(places.max(initial=0)))
    return ranks
