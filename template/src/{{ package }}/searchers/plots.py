"""Plots of a search."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..plots.base import COLORS, GREY, plot
from .base import Outcome, Trial
from .space import Dimension, Range

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def history(outcomes: Sequence[Outcome], metric: str, *, greater_is_better: bool) -> "Figure":
    """Draw the value of each trial, and the best so far."""
    figure, axes = plot("trial", metric)
    for state, color in (("complete", COLORS[0]), ("pruned", GREY)):
        shown = _measured(outcomes, state)
        numbers = [trial.number for trial, _ in shown]
        axes.scatter(numbers, [value for _, value in shown], s=18, color=color, label=state)
    whole = _measured(outcomes, "complete")
    best = np.maximum if greater_is_better else np.minimum
    values = best.accumulate([value for _, value in whole])
    numbers = [trial.number for trial, _ in whole]
    axes.step(numbers, values, where="post", color=COLORS[1], label="best")
    axes.legend(frameon=False)
    return figure


def against(outcomes: Sequence[Outcome], key: str, dimension: Dimension, metric: str) -> "Figure":
    """Draw the value of each complete trial against its value of one dimension."""
    whole = _measured(outcomes, "complete")
    figure, axes = plot(key, metric)
    if isinstance(dimension, Range):
        places = [float(str(trial.values[key])) for trial, _ in whole]
        if dimension.log:
            axes.set_xscale("log")
    else:
        places = [float(dimension.values.index(trial.values[key])) for trial, _ in whole]
        axes.set_xticks(range(len(dimension.values)), list(map(str, dimension.values)))
    axes.scatter(places, [value for _, value in whole], s=18, color=COLORS[0])
    return figure


def _measured(outcomes: Sequence[Outcome], state: str) -> list[tuple[Trial, float]]:
    """Return the trials in a state, each with its value."""
    return [
        (each.trial, each.value)
        for each in outcomes
        if each.state == state and each.value is not None
    ]
