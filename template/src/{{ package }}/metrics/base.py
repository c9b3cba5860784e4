"""What a metric is: something computed in one pass over batches, whatever their number."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..strategy import Strategy


class Metric(Strategy, ABC):
    """A number that says how good predictions are.

    A batch gives a state of fixed size, two states merge into one, and the last state gives the
    value. So memory does not grow with the rows, and batches may come in any order.
    """

    kind: str
    task: ClassVar[str]
    greater_is_better: ClassVar[bool]

    @abstractmethod
    def accumulate(self, truth: NDArray[Any], outputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Summarise a batch.

        Args:
            truth: The encoded target, shape (n,), n at least 1: float64 values of a regression,
                int64 positions of classes.
            outputs: Shape (n,) for a regression, (n, classes) probabilities for a classification.

        Returns:
            Numbers whose shape does not depend on n.
        """

    def merge(self, first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
        """Join the states of two sets of rows; by default their sum."""
        return first + second

    @abstractmethod
    def compute(self, state: NDArray[np.float64]) -> float:
        """Return the metric of all the rows that a state summarizes."""
