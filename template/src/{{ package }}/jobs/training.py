"""Training: fit a model, measure it on rows that it has not seen, and save it."""

import logging
import shutil
from hashlib import sha256
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..assessment import assess, check_metrics
from ..contract import Schema, check_target
from ..datasets import AnyDataset
from ..metrics import AnyMetric
from ..models import AnyModel
from ..models.artefact import save
from ..models.base import Fitting, Predictor
from ..progress import progress
from ..rows import Rows, held, streamed
from ..runs import Run
from ..schemas import SCHEMAS
from ..splitters import AnySplitter
from ..tasks import AnyTask
from ..tasks.base import Problem
from .base import Job

logger = logging.getLogger(__name__)


class Training(Job):
    """Fit a model to part of a table, and test it on the rest.

    If the model is to stop once it gets no better, the rows to learn from are parted once more in
    the same way, and the smaller part is what it is measured on.

    Attributes:
        kind: `training`.
        task: What is predicted.
        data: The rows to learn from and to test on.
        splitter: How they are parted.
        model: What learns.
        metrics: What is measured on the test rows; the task's own if none is named.
    """

    kind: Literal["training"]
    task: AnyTask
    data: AnyDataset
    splitter: AnySplitter
    model: AnyModel
    metrics: tuple[AnyMetric, ...] = ()

    def work(self, run: Run) -> None:
        """See `Job.work`."""
        check_metrics(self.metrics, self.task)
        schema = SCHEMAS[self.task.kind]
        self.splitter.check(schema)
        self.data.check(schema.examples())
        self.model.check(self.task, schema)
        with progress(f"reading {self.data.path}") as advance:
            table = self.data.table(schema.labels() if self.model.streams else schema.examples())
            advance(table.num_rows)
        run.add_data(self.data, table.num_rows)
        target = table[schema.target.name]
        check_target(target, schema.target)

        learning, testing = self.splitter.split(table, schema, self.seed)
        problem = self.task.problem(schema, target.take(learning))
        self.task.encode(target.take(testing), problem)  # refuses before anything is learned
        test = self._rows(table, testing, problem, schema)
        predictor = self._fit(table, learning, problem, schema, run)
        save(run.folder / "model", self.model, predictor)
        run.artefacts["model"] = str(run.place / "model")
        with progress("testing", test.count) as advance:
            assess(run, predictor, test.read(), self.metrics, self.seed, advance)

    def _fit(
        self,
        table: pa.Table,
        learning: NDArray[np.int64],
        problem: Problem,
        schema: Schema,
        run: Run,
    ) -> Predictor:
        """Fit the model to rows of the table; what an interrupted fit had learned is used again."""
        validation: Rows | None = None
        if self.model.validates:
            parts = self.splitter.split(table.take(learning), schema, self.seed)
            learning, validating = (learning[part] for part in parts)
            validation = self._rows(table, validating, problem, schema)
        rows = self._rows(table, learning, problem, schema)
        stated = self.model_dump_json(include={"task", "data", "splitter", "model", "seed"})
        name = sha256(f"{stated} {run.data[0].sha256}".encode()).hexdigest()[:16]
        checkpoints = self.output / ".checkpoints" / name
        passes = self.model.passes
        total = None if passes is None else passes * rows.count
        with progress(f"fitting {self.model.kind} to {rows.count} rows", total) as advance:
            fitting = Fitting(self.seed, validation, checkpoints, advance, logger.info)
            predictor = self.model.fit(rows, fitting)
        shutil.rmtree(checkpoints, ignore_errors=True)
        return predictor

    def _rows(
        self, table: pa.Table, positions: NDArray[np.int64], problem: Problem, schema: Schema
    ) -> Rows:
        """Return rows of the table, by their positions: held, unless the model streams them."""
        if self.model.streams:
            return streamed(self.data, positions, problem, schema)
        return held(table.take(positions), problem, schema)
