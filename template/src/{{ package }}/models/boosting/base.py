"""What the libraries of gradient boosting share."""

import ctypes
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field, PositiveInt

from ...errors import ConfigurationError, nearest
from ...schemas.base import Schema
from ...strategy import Strategy
from ...tasks.base import Problem, Task
from ..base import Predictor
from ..encoding import Encoding
from ..iterative import IterativeModel

Booster = TypeVar("Booster")


class Boosting(IterativeModel, ABC):
    """Gradient boosting: each tree corrects the errors of the previous ones.

    Friedman, Greedy function approximation: a gradient boosting machine, Annals of Statistics 29
    (2001).

    Attributes:
        n_estimators: The maximum number of boosting rounds.
        monotone_constraints: Numeric features with which predictions may only increase (1) or
            decrease (-1).
        parameters: Further parameters of the library.
    """

    passes: ClassVar[str] = "n_estimators"
    unit: ClassVar[str] = "rounds"
    checked: ClassVar[str] = "model.parameters"
    n_estimators: PositiveInt = 300
    monotone_constraints: dict[str, Literal[-1, 1]] = Field(default_factory=dict)
    parameters: Strategy

    def check(self, task: Task, schema: Schema) -> None:
        """See `Model.check`."""
        numbers = [column.name for column in schema.features if column.kind == "number"]
        for name in self.monotone_constraints:
            if name not in numbers:
                raise ConfigurationError(
                    f"'{name}' is not a numeric feature; {nearest(name, numbers)}",
                    "model.monotone_constraints",
                )
        super().check(task, schema)

    def objective(
        self, problem: Problem, key: str, binary: str, several: str, count: str
    ) -> dict[str, Any]:
        """Return the objective of a classification; that of a regression is a parameter.

        Args:
            problem: The problem.
            key: The library's name of the parameter.
            binary: Its value for two classes.
            several: Its value for more.
            count: The library's name of the number of classes, if there are more.

        Raises:
            ConfigurationError: If the parameters state one for a classification.
        """
        if not problem.classes:
            return {}
        if named := getattr(self.parameters, key):
            raise ConfigurationError(
                f"{named} is for regression, and the objective of a classification follows from"
                " its classes: leave it out",
                f"model.parameters.{key}",
            )
        if not problem.classes[2:]:
            return {key: binary}
        return {key: several, count: len(problem.classes)}

    def signs(self, problem: Problem) -> dict[str, list[int]]:
        """Return the monotonic constraint of each feature (-1, 0 or 1), if there is any."""
        signs = [self.monotone_constraints.get(column.name, 0) for column in problem.features]
        return {"monotone_constraints": signs} if self.monotone_constraints else {}


class BoostedPredictor(Predictor, ABC, Generic[Booster]):
    """Fitted trees, with the encoding of features as a matrix.

    Attributes:
        booster: The fitted model of the library.
        encoding: The encoding.
    """

    def __init__(self, problem: Problem, booster: Booster, encoding: Encoding) -> None:
        """Take the fitted model."""
        super().__init__(problem)
        self.booster = booster
        self.encoding = encoding

    def compute_outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """See `Predictor.compute_outputs`."""
        outputs = np.asarray(self.values(features), dtype=np.float64)
        if self.problem.classes and outputs.ndim == 1:
            return np.column_stack([1 - outputs, outputs])
        return outputs

    @abstractmethod
    def values(self, features: pa.Table) -> NDArray[Any]:
        """Predict with the library; for two classes, the probability of the second is enough."""

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        self.encoding.save(folder)


def has_cuda() -> bool:
    """Return whether the CUDA driver finds a GPU; needs no library of CUDA."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    return (
        not (driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))) and count.value > 0
    )
