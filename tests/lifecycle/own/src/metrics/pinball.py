"""A metric of regressions that weighs too low otherwise than too high."""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from .base import Metric


class Pinball(Metric):
    """The mean pinball loss, in the target's unit; 0 is best.

    Attributes:
        kind: `pinball`.
        quantile: The quantile that the predictions are of.
    """

    kind: Literal["pinball"] = "pinball"
    task: ClassVar[str] = "regression"
    greater_is_better: ClassVar[bool] = False
    quantile: float = Field(0.9, gt=0, lt=1)

    def accumulate(self, truth: NDArray[Any], outputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of the losses, and the count of rows."""
        low = truth.astype(np.float64) - outputs
        losses = np.maximum(self.quantile * low, (self.quantile - 1) * low)
        return np.array([losses.sum(), low.size])

    def compute(self, state: NDArray[np.float64]) -> float:
        """See `Metric.compute`."""
        return float(state[0] / state[1])
