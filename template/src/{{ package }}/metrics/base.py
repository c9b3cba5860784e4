"""The metric interface: a metric is computed in one pass over batches, in bounded memory.

A custom implementation::

    from typing import Any, ClassVar, Literal

    import numpy as np
    from numpy.typing import NDArray

    from .base import Metric

    class Bias(Metric):
        task: ClassVar[str] = "counts"
        greater_is_better: ClassVar[bool] = False
        kind: Literal["bias"] = "bias"

        def accumulate(
            self, truth: NDArray[Any], outputs: NDArray[np.float64]
        ) -> NDArray[np.float64]:
            return np.array([(outputs - truth).sum(), truth.size])

        def compute(self, state: NDArray[np.float64]) -> float:
            return abs(float(state[0] / state[1]))

Its configuration::

    metrics:
      - kind: bias
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..strategy import Strategy


class Metric(Strategy, ABC):
    """A measure of the quality of predictions.

    `accumulate` reduces a batch to a state of fixed size, `merge` combines two states, and
    `compute` returns the value. Memory does not grow with the number of rows, and batches may come
    in any order.
    """

    kind: str
    task: ClassVar[str]
    greater_is_better: ClassVar[bool]

    @abstractmethod
    def accumulate(self, truth: NDArray[Any], outputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Reduce a batch to a state.

        Args:
            truth: The encoded target, shape (n,), n at least 1: float64 values of a regression,
                int64 positions of classes.
            outputs: Shape (n,) for a regression, (n, classes) probabilities for a classification.

        Returns:
            Numbers whose shape does not depend on n.
        """

    def merge(self, first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
        """Merge the states of two sets of rows; by default, add them."""
        return first + second

    @abstractmethod
    def compute(self, state: NDArray[np.float64]) -> float:
        """Return the value of the metric for the rows of a state."""
