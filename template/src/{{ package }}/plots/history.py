"""Plots of what a run logged at each step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .base import COLORS, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def curve(steps: Sequence[int], values: Sequence[float], metric: str) -> "Figure":
    """Draw a metric over the steps of a run."""
    figure, axes = plot("step", metric)
    axes.plot(steps, values, color=COLORS[0], marker="." if len(steps) == 1 else "")
    return figure
