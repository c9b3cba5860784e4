"""Promotion plots."""

from typing import TYPE_CHECKING

from .base import COLORS, GREY, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def gained(gain: float, low: float, high: float, margin: float, metric: str) -> "Figure":
    """Draw the improvement of the challenger with its confidence interval, and the margin."""
    figure, axes = plot(f"gain in {metric}", "", height=1.8)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.axvline(margin, color=COLORS[1], linestyle="--", label="margin")
    axes.hlines(0, low, high, color=COLORS[0], linewidth=3)
    axes.scatter([gain], [0], s=60, color=COLORS[0], zorder=3)
    axes.set_yticks([])
    axes.set_ylim(-1, 1)
    axes.legend(frameon=False, loc="upper left")
    return figure
