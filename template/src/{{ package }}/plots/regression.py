"""Regression plots. Truth and outputs have shape (n,), in the target's unit."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .base import COLORS, GREY, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def predicted_against_actual(
    truth: NDArray[Any], outputs: NDArray[np.float64], target: str
) -> "Figure":
    """Draw predicted against actual values; on the line, the prediction is exact."""
    figure, axes = plot(f"actual {target}", f"predicted {target}")
    low = min(truth.min(), outputs.min())
    high = max(truth.max(), outputs.max())
    axes.plot([low, high], [low, high], color=GREY, linewidth=1)
    axes.scatter(truth, outputs, s=14, alpha=0.5, color=COLORS[0], linewidths=0, rasterized=True)
    return figure


def distribution(truth: NDArray[Any], outputs: NDArray[np.float64], target: str) -> "Figure":
    """Draw the histograms of actual and predicted values, with the same bins."""
    figure, axes = plot(target, "rows")
    bins = np.histogram_bin_edges(np.concatenate([truth, outputs]), bins=30)
    for values, label, color in ((truth, "actual", GREY), (outputs, "predicted", COLORS[0])):
        axes.hist(values, bins=bins.tolist(), histtype="step", color=color, label=label)
    axes.legend(frameon=False)
    return figure


def residuals(truth: NDArray[Any], outputs: NDArray[np.float64], target: str) -> "Figure":
    """Draw the histogram of the residuals, actual minus predicted."""
    errors = truth - outputs
    figure, axes = plot(f"residual (actual - predicted {target})", "rows")
    axes.hist(errors, bins=min(40, max(8, int(errors.size**0.5))), color=COLORS[0], alpha=0.85)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.axvline(errors.mean(), color=COLORS[1], label=f"mean {errors.mean():.3g}")
    axes.legend(frameon=False)
    return figure
