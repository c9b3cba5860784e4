"""What a task is: how a target becomes numbers, and how a model's numbers become predictions."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ..metrics.base import Metric
from ..schemas.base import Column, Schema
from ..strategy import Strategy

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Problem(BaseModel):
    """What a model is fitted to: the contract's columns, and what the training data taught of them.

    Attributes:
        task: The kind of the task.
        features: What the model sees, in this order.
        target: What it predicts.
        classes: The labels of a classification, sorted; empty for a regression.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    features: tuple[Column, ...]
    target: Column
    classes: tuple[str, ...] = ()


class Task(Strategy, ABC):
    """A kind of prediction.

    Attributes:
        kind: The name of the implementation.
        target_kind: The kind of column that it predicts.
        is_classification: Whether outputs are probabilities of classes, shape (n, classes).
    """

    kind: str
    target_kind: ClassVar[str]
    is_classification: ClassVar[bool]

    @abstractmethod
    def problem(self, schema: Schema, target: pa.ChunkedArray) -> Problem:
        """State the problem that a training target poses.

        Args:
            schema: The data contract.
            target: The target in the training rows, shape (n,).

        Raises:
            DataError: If nothing can be learned from it, as from a single class.
        """

    @abstractmethod
    def encode(self, target: pa.ChunkedArray, problem: Problem) -> NDArray[Any]:
        """Turn a target into what models are fitted to and metrics compare with.

        Returns:
            Shape (n,): float64 values of a regression, int64 positions in `problem.classes`.

        Raises:
            DataError: If it holds a label that the training data did not.
        """

    @abstractmethod
    def decode(self, outputs: NDArray[np.float64], problem: Problem) -> pa.Table:
        """Turn a model's outputs into the columns of its predictions.

        Args:
            outputs: Shape (n,) for a regression, (n, classes) probabilities for a classification.
            problem: The problem the model was fitted to.
        """

    @abstractmethod
    def metrics(self) -> tuple[Metric, ...]:
        """Return the metrics used when a configuration names none."""

    @abstractmethod
    def plots(
        self, truth: NDArray[Any], outputs: NDArray[np.float64], problem: Problem
    ) -> Mapping[str, "Figure"]:
        """Draw what a person should see of some predictions.

        Args:
            truth: The encoded target of a sample of rows, shape (n,).
            outputs: The model's outputs for them, shape (n,) or (n, classes).
            problem: The problem the model was fitted to.

        Returns:
            A figure for each title.
        """
