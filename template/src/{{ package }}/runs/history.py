"""The history of a run: metrics that it logged at each step."""

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

import pyarrow as pa

from ..plots.history import curve

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class History:
    """Metrics by step, such as the validation loss after each epoch."""

    def __init__(self) -> None:
        """Start without steps."""
        self._steps: dict[int, dict[str, float]] = {}

    def add(self, step: int, metrics: Mapping[str, float]) -> None:
        """Add metrics to those of a step."""
        self._steps.setdefault(step, {}).update(metrics)

    def table(self) -> pa.Table:
        """Return a row for each step, in order, with a column for each metric."""
        names = dict.fromkeys(name for metrics in self._steps.values() for name in metrics)
        columns = {name: [self._steps[step].get(name) for step in self._order] for name in names}
        return pa.table({"step": pa.array(self._order, pa.int64()), **columns})

    def figures(self) -> "dict[str, Figure]":
        """Return a plot of each metric, by title."""
        figures = {}
        for name in self.table().column_names[1:]:
            points = [(step, self._steps[step].get(name)) for step in self._order]
            drawn = {step: value for step, value in points if value is not None and isfinite(value)}
            figures[f"{name} by step"] = curve(list(drawn), list(drawn.values()), name)
        return figures

    @property
    def _order(self) -> list[int]:
        return sorted(self._steps)

    def __bool__(self) -> bool:
        """Return whether any step was logged."""
        return bool(self._steps)
