"""The task interface: encoding a target, and decoding a model's outputs into predictions.

A custom implementation::

    from collections.abc import Mapping
    from typing import Any, ClassVar, Literal

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..metrics.base import Metric
    from ..schemas.base import Schema
    from .base import Problem, Task

    class Counts(Task):
        target_kind: ClassVar[str] = "number"
        is_classification: ClassVar[bool] = False
        kind: Literal["counts"] = "counts"

        def problem(self, schema: Schema, target: pa.ChunkedArray) -> Problem:
            return Problem(task=self.kind, features=schema.features, target=schema.target)

        def encode(self, target: pa.ChunkedArray, problem: Problem) -> NDArray[Any]:
            return np.asarray(target)

        def decode(self, outputs: NDArray[np.float64], problem: Problem) -> pa.Table:
            return pa.table({"prediction": outputs.round()})

        def metrics(self) -> tuple[Metric, ...]:
            return ()

        def plots(
            self, truth: NDArray[Any], outputs: NDArray[np.float64], problem: Problem
        ) -> Mapping[str, Any]:
            return {}

Its configuration::

    task:
      kind: counts
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ..errors import ArtifactError
from ..metrics.base import Metric
from ..schemas.base import Column, Schema
from ..strategy import Strategy

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Problem(BaseModel):
    """What a model is fitted to: the columns of a schema, and the classes found in training data.

    Attributes:
        task: The kind of the task.
        features: The columns that the model reads, in this order.
        target: The column that it predicts.
        classes: The labels of a classification, sorted; empty for a regression.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    features: tuple[Column, ...]
    target: Column
    classes: tuple[str, ...] = ()

    def checked(self, outputs: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
        """Return the outputs of a model for a number of rows, after checking their shape.

        Raises:
            ArtifactError: If the model was fitted to another problem.
        """
        shape = (rows, len(self.classes)) if self.classes else (rows,)
        if outputs.shape != shape:
            raise ArtifactError(
                f"the model has outputs of shape {outputs.shape}, but its problem requires {shape}:"
                " train it again"
            )
        return outputs


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

    @property
    def weighs_classes(self) -> bool:
        """Whether the rows of some classes weigh more in training than those of others."""
        return False

    def weights(self, problem: Problem) -> NDArray[np.float64] | None:
        """Return the weight of each of the problem's classes, shape (classes,); none if equal.

        Raises:
            ConfigurationError: If a weight is of a class that does not occur.
        """
        del problem
        return None

    @abstractmethod
    def problem(self, schema: Schema, target: pa.ChunkedArray) -> Problem:
        """Define the problem for a training target.

        Args:
            schema: The data contract.
            target: The target in the training rows, shape (n,).

        Raises:
            DataError: If no model can be fitted to it, as with a single class.
        """

    @abstractmethod
    def encode(self, target: pa.ChunkedArray, problem: Problem) -> NDArray[Any]:
        """Encode a target for models and metrics.

        Returns:
            Shape (n,): float64 values of a regression, int64 indices into `problem.classes`.

        Raises:
            DataError: If it contains a label that is not among the problem's classes.
        """

    @abstractmethod
    def decode(self, outputs: NDArray[np.float64], problem: Problem) -> pa.Table:
        """Decode a model's outputs into columns of predictions.

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
        """Draw diagnostic plots of predictions.

        Args:
            truth: The encoded target of a sample of rows, shape (n,).
            outputs: The model's outputs for them, shape (n,) or (n, classes).
            problem: The problem the model was fitted to.

        Returns:
            The figures, by title.
        """

    def tables(
        self, truth: NDArray[Any], outputs: NDArray[np.float64], problem: Problem
    ) -> Mapping[str, pa.Table]:
        """Return tables of diagnostics, by title; see `plots`."""
        del truth, outputs, problem
        return {}
