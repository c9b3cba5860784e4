"""The interface of models: a configuration that fits a predictor, which can be saved.

A custom implementation::

    from typing import ClassVar, Literal

    import numpy as np

    from .base import Model, Predictor

    class Mean(Predictor):
        mean = 0.0

        def compute_outputs(self, features):
            return np.full(features.num_rows, self.mean)

        def save(self, folder):
            np.save(folder / "mean.npy", self.mean)

    class MeanModel(Model):
        libraries: ClassVar[tuple[str, ...]] = ("numpy",)
        kind: Literal["mean"] = "mean"

        def check(self, task, schema): ...

        def fit(self, rows, fitting):
            fitted = Mean(rows.problem)
            fitted.mean = rows.whole().target.mean()
            return fitted

        def load(self, folder, problem):
            fitted = Mean(problem)
            fitted.mean = float(np.load(folder / "mean.npy"))
            return fitted

Its configuration::

    model:
      kind: mean
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import ProjectError
from ..schemas.base import Schema, select
from ..strategy import Strategy
from ..tasks.base import Problem, Task
from .rows import Rows


class Predictor(ABC):
    """A fitted model.

    Attributes:
        problem: The target, and the features that it is predicted from.
    """

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self.problem = problem

    def predict(self, features: pa.Table) -> NDArray[Any]:
        """Predict the target of each row; see `outputs`.

        Returns:
            Shape (n,): float64 values of a regression, the labels (str) of a classification.
        """
        outputs = self.outputs(features)
        if not self.problem.classes:
            return outputs
        labels = np.array(self.problem.classes, dtype=object)
        return np.asarray(labels[outputs.argmax(axis=1)])

    def predict_proba(self, features: pa.Table) -> NDArray[np.float64]:
        """Predict the probability of each class, in the order of `problem.classes`; see `outputs`.

        Returns:
            Shape (n, classes).

        Raises:
            ProjectError: If the problem is a regression.
        """
        if not self.problem.classes:
            raise ProjectError("a regression predicts values, not probabilities: call predict")
        return self.outputs(features)

    def outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """Compute what metrics and tasks consume: values, or probabilities of classes.

        Args:
            features: A table with the problem's features, in any order and among other columns;
                values may be missing, and categories unseen.

        Returns:
            Shape (n,) for a regression, (n, classes) probabilities for a classification.

        Raises:
            DataError: If a feature is missing, or has another type.
        """
        outputs = self.compute_outputs(select(features, self.problem.features))
        return self.problem.checked(outputs, features.num_rows)

    @abstractmethod
    def compute_outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """Compute `outputs` of a table of exactly the problem's features, in their order."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Save the predictor to an empty folder, in a format that runs no code when loaded."""


@dataclass(frozen=True)
class FitContext:
    """The context of a fit.

    Attributes:
        seed: The seed of all random choices: the same seed and rows give the same predictor.
        validation: Validation rows, for a model that stops early.
        checkpoints: A folder for checkpoints, from which an interrupted fit resumes.
        advance: Called with the number of rows that were processed since the last call.
        log: Called with messages for the user, such as which device is used.
        metrics: Called after each epoch or round with its number and the validation metrics.
    """

    seed: int = 0
    validation: Rows | None = None
    checkpoints: Path | None = None
    advance: Callable[[int], None] = lambda _: None
    log: Callable[[str], None] = lambda _: None
    metrics: Callable[[int, Mapping[str, float]], None] = lambda *_: None


class Model(Strategy, ABC):
    """A model of a framework, with its parameters.

    Attributes:
        kind: The name of the implementation.
        libraries: The distributions whose versions are recorded with a saved model.
        unit: What a pass over the training rows is called.
    """

    kind: str
    libraries: ClassVar[tuple[str, ...]]
    unit: ClassVar[str] = "passes"

    def versions(self) -> dict[str, str]:
        """Return the version of each of its libraries; one that is missing is a `ProjectError`."""
        try:
            return {name: version(name) for name in self.libraries}
        except PackageNotFoundError as error:
            raise ProjectError(f"'{error.name}' is not installed: the model needs it") from error

    @property
    def streaming(self) -> bool:
        """Whether the training rows are streamed repeatedly, instead of being held in memory."""
        return False

    @property
    def early_stopping(self) -> bool:
        """Whether training stops early, by the metrics of validation rows."""
        return False

    @property
    def max_passes(self) -> int | None:
        """The maximum number of passes over the training rows, if it is known."""
        return None

    @abstractmethod
    def check(self, task: Task, schema: Schema) -> None:
        """Check that the framework accepts the parameters, before any data is read.

        Args:
            task: The task.
            schema: The data contract.

        Raises:
            ConfigurationError: If the framework does not support the task, these parameters, or
                sample weights although the contract declares a weight, or the task weighs classes.
        """

    @abstractmethod
    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """Fit a predictor to the training rows."""

    @abstractmethod
    def load(self, folder: Path, problem: Problem) -> Predictor:
        """Load a predictor that was saved by `Predictor.save`.

        Raises:
            ArtifactError: If the files are invalid, or would construct an unexpected type.
        """
