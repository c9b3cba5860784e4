"""What a model is: a configuration that fits a predictor, and a predictor that can be saved."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..strategy import Strategy
from ..tasks.base import Problem, Task


class Predictor(ABC):
    """A fitted model."""

    @abstractmethod
    def predict(self, features: pa.Table) -> NDArray[np.float64]:
        """Score rows.

        Args:
            features: The problem's features, in its order and of its types; values may be missing,
                and categories may be unseen.

        Returns:
            Shape (n,) for a regression, (n, classes) probabilities for a classification.
        """

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the predictor as files into an empty folder, in a format that runs no code."""


class Model(Strategy, ABC):
    """A framework's way to learn, with its parameters.

    Attributes:
        kind: The name of the implementation.
        libraries: The distributions whose versions a saved model records.
    """

    kind: str
    libraries: ClassVar[tuple[str, ...]]

    @abstractmethod
    def check(self, task: Task) -> None:
        """Refuse parameters that the framework would refuse, before any data is read.

        Args:
            task: What is to be predicted.

        Raises:
            ConfigurationError: If the framework cannot do the task, or not with these parameters.
        """

    @abstractmethod
    def fit(
        self, features: pa.Table, target: NDArray[Any], problem: Problem, seed: int
    ) -> Predictor:
        """Learn from rows.

        Args:
            features: The problem's features, in its order and of its types, with n rows; values
                may be missing.
            target: The encoded target, shape (n,): float64 values of a regression, int64
                positions in `problem.classes`.
            problem: What is predicted from what.
            seed: The same seed learns the same predictor from the same rows.
        """

    @abstractmethod
    def restore(self, folder: Path, problem: Problem) -> Predictor:
        """Read what `Predictor.save` wrote.

        Raises:
            ArtefactError: If the files are not such, or would construct what is not expected.
        """
