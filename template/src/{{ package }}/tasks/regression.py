"""Regression."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import DataError
from ..metrics.base import Metric
from ..metrics.regression import R2, MeanAbsoluteError, RootMeanSquaredError
from ..plots.regression import distribution, predicted_against_actual, residuals
from ..schemas.base import Schema
from .base import Problem, Task

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Regression(Task):
    """Predict a number for each row."""

    kind: Literal["regression"] = "regression"
    target_kind: ClassVar[str] = "number"
    is_classification: ClassVar[bool] = False

    def problem(self, schema: Schema, target: pa.ChunkedArray) -> Problem:
        """See `Task.problem`."""
        del target
        return Problem(task=self.kind, features=schema.features, target=schema.target)

    def encode(self, target: pa.ChunkedArray, problem: Problem) -> NDArray[Any]:
        """See `Task.encode`; every value is finite."""
        values = np.asarray(target.to_numpy(), dtype=np.float64)
        wrong = values[~np.isfinite(values)]
        if wrong.size:
            raise DataError(
                f"the target '{problem.target.name}' is {wrong[0]} in {wrong.size} of"
                f" {values.size} rows: drop or fix them"
            )
        return values

    def decode(self, outputs: NDArray[np.float64], problem: Problem) -> pa.Table:
        """See `Task.decode`: one column, `prediction` (float64)."""
        del problem
        return pa.table({"prediction": outputs})

    def metrics(self) -> tuple[Metric, ...]:
        """See `Task.metrics`."""
        return (RootMeanSquaredError(), MeanAbsoluteError(), R2())

    def plots(
        self, truth: NDArray[Any], outputs: NDArray[np.float64], problem: Problem
    ) -> Mapping[str, "Figure"]:
        """See `Task.plots`."""
        name = problem.target.name
        return {
            "Predicted against actual": predicted_against_actual(truth, outputs, name),
            "Residuals": residuals(truth, outputs, name),
            "Distribution of predictions": distribution(truth, outputs, name),
        }
