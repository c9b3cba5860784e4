"""Classification into two or more classes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from ..casting import canonical
from ..errors import ConfigurationError, DataError, nearest
from ..metrics.base import Metric
from ..metrics.classification import F1, Accuracy, LogLoss, RocAuc
from ..plots.classification import calibration, confusion_matrix, distribution, roc_curve
from ..schemas.base import Schema
from .base import Problem, Task

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Label = Annotated[str, Field(coerce_numbers_to_str=True)]
Weight = Annotated[float, Field(ge=0)]


class Classification(Task):
    """Predict one of two or more classes for each row, with class probabilities.

    Attributes:
        class_weights: The weight of each row of a class in training, by its label; 1 by default.
    """

    kind: Literal["classification"] = "classification"
    target_kind: ClassVar[str] = "category"
    is_classification: ClassVar[bool] = True
    class_weights: dict[Label, Weight] = Field(default_factory=dict)

    @property
    def weighs_classes(self) -> bool:
        """See `Task.weighs_classes`."""
        return bool(self.class_weights)

    def weights(self, problem: Problem) -> NDArray[np.float64] | None:
        """See `Task.weights`."""
        for label in self.class_weights:
            if label not in problem.classes:
                raise ConfigurationError(
                    f"no training row is of the class '{label}'; {nearest(label, problem.classes)}",
                    "task.class_weights",
                )
        if not self.class_weights:
            return None
        weights = np.array([self.class_weights.get(label, 1.0) for label in problem.classes])
        if not weights.any():
            raise ConfigurationError("every class weighs 0: raise one", "task.class_weights")
        return weights

    def problem(self, schema: Schema, target: pa.ChunkedArray) -> Problem:
        """See `Task.problem`; the classes are the labels that occur, sorted."""
        classes = tuple(sorted(_labels(target).unique().to_pylist()))
        if len(classes) == 1:
            raise DataError(
                f"the target '{schema.target.name}' is '{classes[0]}' in every training row:"
                " provide rows of at least two classes"
            )
        return Problem(
            task=self.kind, features=schema.features, target=schema.target, classes=classes
        )

    def encode(self, target: pa.ChunkedArray, problem: Problem) -> NDArray[Any]:
        """See `Task.encode`."""
        labels = _labels(target)
        positions = pc.index_in(labels, value_set=pa.array(problem.classes))
        if positions.null_count:
            label = str(labels.filter(positions.is_null())[0].as_py())
            raise DataError(
                f"the target '{problem.target.name}' holds '{label}', no class of the model;"
                f" {nearest(label, problem.classes)}"
            )
        return np.asarray(positions.to_numpy(), dtype=np.int64)

    def decode(self, outputs: NDArray[np.float64], problem: Problem) -> pa.Table:
        """See `Task.decode`: `prediction` (text), and `probability_<class>` for each class."""
        labels = np.array(problem.classes, dtype=object)[outputs.argmax(axis=1)]
        columns = {"prediction": pa.array(labels, pa.string())}
        for at, label in enumerate(problem.classes):
            columns[f"probability_{label}"] = pa.array(outputs[:, at])
        return pa.table(columns)

    def metrics(self) -> tuple[Metric, ...]:
        """See `Task.metrics`."""
        return (
            Accuracy(),
            F1(),
            LogLoss(),
            RocAuc(),
        )

    def plots(
        self, truth: NDArray[Any], outputs: NDArray[np.float64], problem: Problem
    ) -> Mapping[str, "Figure"]:
        """See `Task.plots`."""
        return {
            "Confusion matrix": confusion_matrix(truth, outputs, problem.classes),
            "ROC curve": roc_curve(truth, outputs, problem.classes),
            "Calibration": calibration(truth, outputs, problem.classes),
            "Distribution of predictions": distribution(truth, outputs, problem.classes),
        }

    def tables(
        self, truth: NDArray[Any], outputs: NDArray[np.float64], problem: Problem
    ) -> Mapping[str, pa.Table]:
        """See `Task.tables`: precision, recall and F1 of each class."""
        predicted, size = outputs.argmax(axis=1), len(problem.classes)
        actual, given = (np.bincount(each, minlength=size) for each in (truth, predicted))
        hits = np.bincount(truth[truth == predicted], minlength=size)
        columns = {
            "class": problem.classes,
            "rows": actual,
            "predicted": given,
            "precision": hits / np.maximum(given, 1),
            "recall": hits / np.maximum(actual, 1),
            "f1": 2 * hits / np.maximum(actual + given, 1),
        }
        return {"Classes": pa.table({name: pa.array(values) for name, values in columns.items()})}


def _labels(target: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the labels with the text that they have in every format."""
    return pa.chunked_array([canonical(chunk) for chunk in target.chunks], pa.string())
