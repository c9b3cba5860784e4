"""The python_function flavor of MLflow, with a signature.

https://mlflow.org/docs/latest/ml/model. This project must be installed; no pickle is read.
"""

from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ..models.artifact import Manifest, load
from ..schemas.base import arrow
from ..tasks import task_of

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.models import ModelSignature

TYPES = {"number": "double", "category": "string", "time": "datetime"}


def write(manifest: Manifest, path: Path) -> None:
    """Write the file `MLmodel` that describes a model folder to MLflow.

    Args:
        manifest: The manifest of the model.
        path: The file.
    """
    from mlflow import pyfunc
    from mlflow.models import Model

    model = Model(signature=signature(manifest))
    model.add_flavor(pyfunc.FLAVOR_NAME, loader_module=__name__, python_version=python_version())
    model.save(str(path))


def signature(manifest: Manifest) -> "ModelSignature":
    """Return the signature of a model."""
    import numpy as np
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    problem = manifest.problem
    task = task_of(problem.task)
    inputs = Schema(
        [ColSpec(TYPES[each.kind], each.name, required=False) for each in problem.features]
    )
    empty = np.zeros((1, len(problem.classes)) if problem.classes else 1)
    outputs = Schema(
        [
            ColSpec("string" if pa.types.is_string(field.type) else "double", field.name)
            for field in task.decode(empty, problem).schema
        ]
    )
    return ModelSignature(inputs, outputs)


class _Function:
    """The predictor that MLflow calls."""

    def __init__(self, folder: Path) -> None:
        """Load a saved model."""
        self._artifact = load(folder)

    def predict(self, rows: "pd.DataFrame", params: dict[str, Any] | None = None) -> "pd.DataFrame":
        """Return the decoded predictions of rows."""
        del params
        problem = self._artifact.manifest.problem
        wanted = arrow(*problem.features)
        table = pa.Table.from_pandas(rows, wanted, preserve_index=False)
        outputs = self._artifact.predictor.outputs(table)
        return task_of(problem.task).decode(outputs, problem).to_pandas()


def _load_pyfunc(path: str) -> _Function:
    """Load the model of a folder; MLflow requires this name."""
    return _Function(Path(path))
