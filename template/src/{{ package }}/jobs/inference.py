"""Inference: predict rows with a saved model."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import ClassVar, Literal

import pyarrow as pa

from ..datasets import AnyDataset
from ..errors import ConfigurationError
from ..models.artifact import Artifact
from ..progress import progress
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..schemas.base import Schema, select
from ..sources import AnySource
from ..tasks import task_of
from .base import BatchJob


class Inference(BatchJob):
    """Predict a table of any size, and write the predictions to another.

    A row of predictions has the identifiers that the data contract declares, then the prediction of
    the task. The order of the rows is preserved.

    Attributes:
        kind: `inference`.
        model: The source of the saved model.
        data: The rows to predict.
        predictions: The dataset of the predictions; it is replaced once all are complete.
    """

    makes: ClassVar[tuple[str, ...]] = ("predictions",)

    kind: Literal["inference"] = "inference"
    model: AnySource
    data: AnyDataset
    predictions: AnyDataset

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        artifact = self.model.read(run)
        schema = SCHEMAS[artifact.manifest.problem.task]
        with progress(f"predicting {self.data.location}") as advance:
            predicted = self._predict(artifact, schema, advance)
            first = next(predicted)
            rows = self.predictions.write(first.schema, chain((first,), predicted))
        run.add_input(self.data, rows)
        run.artifacts["predictions"] = self.predictions.location

    def _predict(
        self, artifact: Artifact, schema: Schema, advance: Callable[[int], None]
    ) -> Iterator[pa.RecordBatch]:
        """Predict batch by batch; only one is held in memory."""
        problem = artifact.manifest.problem
        task = task_of(problem.task)
        for batch in self.data.rows(*problem.features, *schema.identifiers):
            table = pa.Table.from_batches([batch])
            outputs = artifact.predictor.outputs(select(table, problem.features))
            predictions = task.decode(outputs, problem)
            identifiers = {column.name for column in schema.identifiers}
            if taken := identifiers & {*predictions.column_names}:
                raise ConfigurationError(
                    f"identifiers have names of what is predicted: {', '.join(sorted(taken))};"
                    " rename them in the data contract"
                )
            for column in reversed(schema.identifiers):
                predictions = predictions.add_column(0, column.name, table[column.name])
            yield from predictions.combine_chunks().to_batches()
            advance(batch.num_rows)
