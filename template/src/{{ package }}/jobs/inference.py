"""Inference: predict rows with a saved model."""

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

import pyarrow as pa

from ..contract import Schema, arrow, select
from ..datasets import AnyDataset
from ..models.artefact import Artefact, load
from ..progress import progress
from ..runs import Run, find
from ..schemas import SCHEMAS
from ..tasks import task_of
from .base import Job


class Inference(Job):
    """Predict every row of a table, however long, and write the predictions as another.

    A row of predictions holds the identifiers that the data contract declares, then what the task
    predicts. The rows keep their order.

    Attributes:
        kind: `inference`.
        model: The folder of the model; a part `latest` stands for the newest run.
        data: The rows to predict.
        predictions: Where the predictions go; an older table there is replaced once all are made.
    """

    kind: Literal["inference"]
    model: Path
    data: AnyDataset
    predictions: AnyDataset

    def work(self, run: Run) -> None:
        """See `Job.work`."""
        artefact = load(find(self.model))
        schema = SCHEMAS[artefact.manifest.problem.task]
        with progress(f"predicting {self.data.path}") as advance:
            predicted = self._predict(artefact, schema, advance)
            first = next(predicted)
            rows = self.predictions.write(first.schema, chain((first,), predicted))
        run.add_data(self.data, rows)
        run.artefacts["predictions"] = str(self.predictions.path)

    def _predict(
        self, artefact: Artefact, schema: Schema, advance: Callable[[int], None]
    ) -> Iterator[pa.RecordBatch]:
        """Predict a batch at a time; only one is held in memory."""
        problem = artefact.manifest.problem
        task = task_of(problem.task)
        for batch in self.data.read(arrow(*problem.features, *schema.identifiers)):
            table = pa.Table.from_batches([batch])
            scores = artefact.predictor.predict(select(table, problem.features))
            predictions = task.decode(scores, problem)
            for column in reversed(schema.identifiers):
                predictions = predictions.add_column(0, column.name, table[column.name])
            yield from predictions.combine_chunks().to_batches()
            advance(batch.num_rows)
