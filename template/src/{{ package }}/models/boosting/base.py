"""What gradient boosting has in common, whichever library does it."""

import ctypes
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from ...errors import ConfigurationError, nearest
from ...schemas.base import Schema
from ...strategy import Strategy
from ...tasks.base import Problem, Task
from ..base import FitContext, Model, Predictor
from ..encoding import Encoding
from ..trial import attempt, synthetic


class Boosting(Model, ABC):
    """Trees that each mend what those before them left.

    Friedman, Greedy function approximation: a gradient boosting machine, Annals of Statistics 29
    (2001).

    Attributes:
        n_estimators: How many rounds there are at most.
        patience: After how many rounds that make the validation rows no better it stops, and keeps
            the best; never by default, and then all rows are learned from.
        monotone_constraints: Numeric features that a prediction may only rise (1) or fall (-1)
            with.
        device: What it is computed on; `auto` takes a GPU if one is there.
        external_memory: Whether the training rows stay on disk and are read in parts, for tables
            that do not fit in memory.
        parameters: The library's own.
    """

    n_estimators: int = Field(300, ge=1)
    patience: int | None = Field(None, ge=1)
    monotone_constraints: dict[str, Literal[-1, 1]] = Field(default_factory=dict)
    device: Literal["auto", "cpu", "gpu"] = "auto"
    external_memory: bool = False
    parameters: Strategy

    @property
    def streaming(self) -> bool:
        """See `Model.streaming`."""
        return self.external_memory

    @property
    def early_stopping(self) -> bool:
        """See `Model.early_stopping`."""
        return self.patience is not None

    @property
    def max_passes(self) -> int | None:
        """See `Model.max_passes`."""
        return self.n_estimators

    def check(self, task: Task, schema: Schema) -> None:
        """See `Model.check`; the library itself judges its parameters, by a fit to a few rows."""
        numbers = [column.name for column in schema.features if column.kind == "number"]
        for name in self.monotone_constraints:
            if name not in numbers:
                raise ConfigurationError(
                    f"'{name}' is no numeric feature; {nearest(name, numbers)}",
                    "model.monotone_constraints",
                )
        trial = self.model_copy(update={"n_estimators": 1, "external_memory": False})
        attempt(trial, [synthetic(task, schema)], "model.parameters")

    def objective(self, problem: Problem, key: str, binary: str, several: str) -> dict[str, str]:
        """Return what the library is told to learn by, if that follows from the problem.

        Args:
            problem: What is predicted.
            key: The library's name of the parameter.
            binary: Its value for two classes.
            several: Its value for more.

        Raises:
            ConfigurationError: If the parameters name one although there are classes.
        """
        if not problem.classes:
            return {}
        if named := getattr(self.parameters, key):
            raise ConfigurationError(
                f"{named} is for a regression, and classes leave no choice: leave it out",
                f"model.parameters.{key}",
            )
        return {key: binary if len(problem.classes) == len(("no", "yes")) else several}

    def signs(self, problem: Problem) -> dict[str, list[int]]:
        """Return how predictions may move with each feature, as the libraries are told."""
        signs = [self.monotone_constraints.get(column.name, 0) for column in problem.features]
        return {"monotone_constraints": signs} if self.monotone_constraints else {}

    def uses_gpu(self, fitting: FitContext, able: Callable[[], bool]) -> bool:
        """Tell whether a GPU is used.

        Args:
            fitting: What is told which it is.
            able: Tells whether the library can use one.

        Raises:
            ConfigurationError: If a GPU is asked for, and there is none that it can use.
        """
        there = self.device != "cpu" and _gpus() > 0 and able()
        if self.device == "gpu" and not there:
            message = f"{self.kind} finds no GPU: choose auto or cpu"
            raise ConfigurationError(message, "model.device")
        fitting.log(f"{self.kind} learns on the {'GPU' if there else 'CPU'}")
        return there


class BoostedPredictor(Predictor, ABC):
    """Boosted trees, and how rows become a matrix for them."""

    def __init__(self, problem: Problem, encoding: Encoding) -> None:
        """State what is predicted from what, and how rows become a matrix."""
        super().__init__(problem)
        self.encoding = encoding

    def compute_outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """See `Predictor.compute_outputs`."""
        outputs = np.asarray(self.values(features), dtype=np.float64)
        if self.problem.classes and outputs.ndim == 1:
            return np.column_stack([1 - outputs, outputs])
        return outputs

    @abstractmethod
    def values(self, features: pa.Table) -> NDArray[Any]:
        """Return what the library predicts; of two classes, the second's probability will do."""

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        self.encoding.save(folder)


def _gpus() -> int:
    """Return how many GPUs the CUDA driver of this machine offers, without any library of CUDA."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return 0
    return count.value
