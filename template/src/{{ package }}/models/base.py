"""What a model is: a configuration that fits a predictor, and a predictor that can be saved."""

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
        problem: What it predicts from what.
    """

    def __init__(self, problem: Problem) -> None:
        """State what is predicted from what."""
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
        """Compute what metrics and tasks work with: values, or probabilities of classes.

        Args:
            features: The problem's features, among any other columns and in any order; values may
                be missing, and categories may be unseen.

        Returns:
            Shape (n,) for a regression, (n, classes) probabilities for a classification.

        Raises:
            DataError: If a feature is missing, or is not of its type.
        """
        return self.compute_outputs(select(features, self.problem.features))

    @abstractmethod
    def compute_outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """Compute `outputs` of a table that holds the problem's features alone, in their order."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the predictor as files into an empty folder, in a format that runs no code."""


@dataclass(frozen=True)
class FitContext:
    """What a model is given besides the rows to learn from.

    Attributes:
        seed: The same seed learns the same predictor from the same rows.
        validation: Rows that are not learned from, by which a model that validates knows when to
            stop.
        checkpoints: A folder, not there yet, that outlives an interruption: what a model leaves
            in it, it finds again when the same fit is done once more.
        advance: Told how many more rows were gone over.
        log: Called with what a person may want to know, such as which device is used.
        metrics: Called with the number of an epoch or a boosting round and the metrics of the
            validation rows after it.
    """

    seed: int = 0
    validation: Rows | None = None
    checkpoints: Path | None = None
    advance: Callable[[int], None] = lambda _: None
    log: Callable[[str], None] = lambda _: None
    metrics: Callable[[int, Mapping[str, float]], None] = lambda *_: None


class Model(Strategy, ABC):
    """A framework's way to learn, with its parameters.

    Attributes:
        kind: The name of the implementation.
        libraries: The distributions whose versions a saved model records.
    """

    kind: str
    libraries: ClassVar[tuple[str, ...]]

    def versions(self) -> dict[str, str]:
        """Return the version of each of its libraries.

        Raises:
            ProjectError: If one is not installed.
        """
        try:
            return {name: version(name) for name in self.libraries}
        except PackageNotFoundError as error:
            raise ProjectError(f"'{error.name}' is not installed: the model needs it") from error

    @property
    def streaming(self) -> bool:
        """Whether rows are read as a stream, again and again, so that they need not fit memory."""
        return False

    @property
    def early_stopping(self) -> bool:
        """Whether rows that are not learned from say when to stop."""
        return False

    @property
    def max_passes(self) -> int | None:
        """How often all rows are gone over at most, if that is known."""
        return None

    @abstractmethod
    def check(self, task: Task, schema: Schema) -> None:
        """Refuse what the framework would refuse, before any data is read.

        Args:
            task: What is to be predicted.
            schema: The data contract.

        Raises:
            ConfigurationError: If the framework cannot do the task, or not with these parameters,
                or cannot weigh rows although the contract declares a weight.
        """

    @abstractmethod
    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """Learn from rows."""

    @abstractmethod
    def load(self, folder: Path, problem: Problem) -> Predictor:
        """Read what `Predictor.save` wrote.

        Raises:
            ArtifactError: If the files are not such, or would construct what is not expected.
        """
