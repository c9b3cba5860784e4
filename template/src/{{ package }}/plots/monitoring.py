"""Plots of monitoring results."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .base import COLORS, GREY, caption, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 30  # the most columns in a plot


def judged(rows: Sequence[Mapping[str, Any]]) -> "dict[str, Figure]":
    """Draw each metric of columns that has a threshold, such as drift.

    Args:
        rows: The findings, with their thresholds.

    Returns:
        A figure for each of these metrics, by its name.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["column"] is not None and row["threshold"] is not None:
            found.setdefault(row["metric"], []).append(row)
    return {metric: _bars(metric, members) for metric, members in found.items()}


def _bars(metric: str, rows: Sequence[Mapping[str, Any]]) -> "Figure":
    """Draw the value and the threshold of each column, those that failed first."""
    shown = sorted(rows, key=lambda row: row["passed"] is not False)[:SHOWN][::-1]
    figure, axes = plot(metric, "", height=max(2.4, 0.8 + 0.28 * len(shown)))
    places = range(len(shown))
    colors = [COLORS[1 if row["passed"] is False else 0] for row in shown]
    axes.barh(places, [row["value"] or 0 for row in shown], color=colors, height=0.6)
    bounds = [row["threshold"] for row in shown]
    axes.scatter(bounds, places, marker="|", s=160, color=GREY, zorder=3, label="threshold")
    names = [row["column"] + (" (undefined)" if row["value"] is None else "") for row in shown]
    axes.set_yticks(places, [caption(name) for name in names])
    axes.grid(visible=False, axis="y")
    axes.legend(frameon=False)
    return figure
