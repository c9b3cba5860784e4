"""Regression metrics. Truth and outputs have shape (n,), in the target's unit."""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from .base import Metric

Numbers = NDArray[np.float64]


def errors(truth: NDArray[Any], outputs: Numbers) -> Numbers:
    """Return outputs minus truth as float64, so that unsigned targets do not wrap around."""
    return outputs - truth.astype(np.float64)


class RootMeanSquaredError(Metric):
    """The root of the mean squared error, in the target's unit; 0 is best."""

    kind: Literal["rmse"] = "rmse"
    task: ClassVar[str] = "regression"
    greater_is_better: ClassVar[bool] = False

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return the sum of the squared errors, and the count of rows."""
        error = errors(truth, outputs)
        return np.array([error @ error, error.size])

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(np.sqrt(state[0] / state[1]))


class MeanAbsoluteError(Metric):
    """The mean absolute error, in the target's unit; 0 is best."""

    kind: Literal["mae"] = "mae"
    task: ClassVar[str] = "regression"
    greater_is_better: ClassVar[bool] = False

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return the sum of the absolute errors, and the count of rows."""
        error = errors(truth, outputs)
        return np.array([np.abs(error).sum(), error.size])

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(state[0] / state[1])


class MeanAbsolutePercentageError(Metric):
    """The mean absolute percentage error, as a fraction; 0 is best.

    A truth of 0 is replaced by the machine epsilon of float64, so such rows make the value huge.
    """

    kind: Literal["mape"] = "mape"  # codespell:ignore
    task: ClassVar[str] = "regression"
    greater_is_better: ClassVar[bool] = False

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return the sum of the relative errors, and the count of rows."""
        size = np.maximum(np.abs(truth.astype(np.float64)), np.finfo(np.float64).eps)
        return np.array([(np.abs(errors(truth, outputs)) / size).sum(), size.size])

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(state[0] / state[1])


class MaxError(Metric):
    """The largest absolute error, in the target's unit; 0 is best."""

    kind: Literal["max_error"] = "max_error"
    task: ClassVar[str] = "regression"
    greater_is_better: ClassVar[bool] = False

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return the largest absolute error."""
        return np.array([np.abs(errors(truth, outputs)).max()])

    def merge(self, first: Numbers, second: Numbers) -> Numbers:
        """Return the larger of two largest errors."""
        return np.maximum(first, second)

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(state[0])


class R2(Metric):
    """The coefficient of determination: 1 is best, 0 is as good as the mean; it can be negative.

    Where the truth is constant, it is 1 if there is no error, else 0.
    """

    kind: Literal["r2"] = "r2"
    task: ClassVar[str] = "regression"
    greater_is_better: ClassVar[bool] = True

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return rows, mean and squared deviations of the truth, and the sum of squared errors."""
        values = truth.astype(np.float64)
        error = errors(truth, outputs)
        # Relative to the first value, equal values have exactly their mean and no deviation.
        mean = values[0] + (values - values[0]).mean()
        deviation = values - mean
        return np.array([values.size, mean, deviation @ deviation, error @ error])

    def merge(self, first: Numbers, second: Numbers) -> Numbers:
        """Merge means and deviations without cancellation.

        Chan, Golub and LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample
        Variances (1979).
        """
        rows = first[0] + second[0]
        apart = second[1] - first[1]
        mean = first[1] + apart * second[0] / rows
        deviations = first[2] + second[2] + apart**2 * first[0] * second[0] / rows
        return np.array([rows, mean, deviations, first[3] + second[3]])

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        deviations, squared = state[2], state[3]
        if not deviations:
            return float(not squared)
        return float(1 - squared / deviations)
