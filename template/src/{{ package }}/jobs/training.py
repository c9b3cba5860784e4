"""Training: fit a model, measure it on rows that it has not seen, and save it."""

import logging
from pathlib import Path
from typing import ClassVar, Literal

from ..assessment.assess import assess, check_metrics
from ..datasets import AnyDataset
from ..files import scratch
from ..metrics import AnyMetric
from ..models import AnyModel
from ..models.artifact import save
from ..models.base import FitContext
from ..models.examples import Examples
from ..progress import progress
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..schemas.base import Schema
from ..splitters import AnySplitter
from ..tasks import AnyTask
from .base import BatchJob

logger = logging.getLogger(__name__)


class Training(BatchJob):
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

    makes: ClassVar[tuple[str, ...]] = ("model",)

    kind: Literal["training"] = "training"
    task: AnyTask
    data: AnyDataset
    splitter: AnySplitter
    model: AnyModel
    metrics: tuple[AnyMetric, ...] = ()

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`; what an interrupted fit had learned is used again."""
        check_metrics(self.metrics, self.task)
        schema = SCHEMAS[self.task.kind]
        examples = Examples.read(self.task, schema, self.data, self.splitter, self.model)
        run.add_input(self.data, examples.table.num_rows)

        train, test = examples.part(examples.everything, self.seed)
        problem = examples.problem(train, test)
        checkpoints = self.checkpoints(schema, run.inputs[0].fingerprint)
        rows, validation = examples.parted(self.model, train, problem, self.seed)
        total = None if self.model.max_passes is None else self.model.max_passes * rows.count
        with progress(f"fitting {self.model.kind} to {rows.count} rows", total) as advance:
            fitting = FitContext(self.seed, validation, checkpoints, advance, logger.info, run.log)
            predictor = self.model.fit(rows, fitting)
        run.obsolete += [checkpoints] if checkpoints else []
        save(run.folder / "model", self.model, predictor)
        run.artifacts["model"] = str(run.place / "model")
        test_rows = examples.rows(test, problem)
        with progress("testing", test_rows.count) as advance:
            assess(run, predictor, test_rows.read(), self.metrics, self.seed, advance)

    def checkpoints(self, schema: Schema, fingerprint: str | None) -> Path | None:
        """Return where a fit leaves what it has learned, for the same fit alone to go on from.

        Args:
            schema: The data contract.
            fingerprint: What changes when the rows do; without one they may be others next time,
                and nothing is left.
        """
        if fingerprint is None:
            return None
        stated = self.model_dump_json(include={"task", "data", "splitter", "model", "seed"})
        parts = (stated, schema.model_dump_json(), *self.model.versions().values(), fingerprint)
        return scratch(self.output, "checkpoints", *parts)
