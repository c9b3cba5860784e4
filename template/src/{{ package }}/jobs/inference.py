"""Inference: predict rows with a saved model."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa

from ..assessment.unseen import Unseen
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

    A row of predictions has the identifiers that the data contract declares, the columns to keep,
    and the prediction of the task. The order of the rows is preserved.

    Attributes:
        kind: `inference`.
        model: The source of the saved model.
        data: The rows to predict.
        keep: Other columns of the rows to copy to the predictions, unchanged.
        row_number: The name of a column for the position of each row in the data, from 0; by
            default there is none.
        predictions: The dataset of the predictions; it is replaced once all are complete.
    """

    makes: ClassVar[tuple[str, ...]] = ("predictions",)
    writes: ClassVar[tuple[str, ...]] = ("predictions",)

    kind: Literal["inference"] = "inference"
    model: AnySource
    data: AnyDataset
    keep: tuple[str, ...] = ()
    row_number: str | None = None
    predictions: AnyDataset

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        artifact = self.model.read(run)
        schema = SCHEMAS[artifact.manifest.problem.task]
        unseen = Unseen(artifact.categories)
        with progress(f"predicting {self.data.location}") as advance:
            predicted = self._predict(run, artifact, schema, unseen, advance)
            first = next(predicted)
            self.predictions.write(first.schema, chain((first,), predicted))
        unseen.conclude(run)
        run.artifacts["predictions"] = self.predictions.location

    def _predict(
        self,
        run: Run,
        artifact: Artifact,
        schema: Schema,
        unseen: Unseen,
        advance: Callable[[int], None],
    ) -> Iterator[pa.RecordBatch]:
        """Predict batch by batch; only one is held in memory."""
        problem = artifact.manifest.problem
        task = task_of(problem.task)
        declared = (*problem.features, *schema.identifiers)
        kept = dict.fromkeys([*(column.name for column in schema.identifiers), *self.keep])
        first = 0
        with run.reading(self.data) as count:
            for batch in unseen.watch(self.data.rows(*declared, keep=self.keep)):
                table = pa.Table.from_batches([batch])
                outputs = artifact.predictor.outputs(select(table, problem.features))
                predictions = task.decode(outputs, problem)
                columns = {name: table[name] for name in kept}
                if self.row_number:
                    numbers = np.arange(first, first + batch.num_rows)
                    columns = {self.row_number: pa.array(numbers), **columns}
                _check_names([*columns, *predictions.column_names])
                columns |= {name: predictions[name] for name in predictions.column_names}
                yield from pa.table(columns).combine_chunks().to_batches()
                first += batch.num_rows
                advance(batch.num_rows)
                count(batch.num_rows)


def _check_names(names: Sequence[str]) -> None:
    """Reject predictions with two columns of one name.

    Raises:
        ConfigurationError: If an identifier or a column to keep is named as a prediction.
    """
    if twice := {name for name in names if names.count(name) > 1}:
        raise ConfigurationError(
            f"identifiers or columns to keep have names of what is predicted:"
            f" {', '.join(sorted(twice))}; rename or omit them"
        )
