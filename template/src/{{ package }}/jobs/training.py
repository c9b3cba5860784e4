"""Training: fit a model, evaluate it on a test set, and save it."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Literal

import pyarrow as pa

from ..assessment.assess import assess, check_metrics
from ..assessment.baseline import baseline, beside
from ..assessment.scoring import score
from ..assessment.unseen import Unseen
from ..datasets import AnyDataset
from ..metrics import AnyMetric
from ..models import AnyModel
from ..models.artifact import save
from ..models.base import FitContext
from ..models.fitting import Examples
from ..progress import progress
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..splitters import AnySplitter
from ..tasks import AnyTask
from .base import BatchJob

logger = logging.getLogger(__name__)


class Training(BatchJob):
    """Fit a model to the training rows of a table, and evaluate it on the test rows.

    If the model stops early, the training rows are split once more in the same way, and the smaller
    part is used for validation.

    Attributes:
        kind: `training`.
        task: What is predicted.
        data: The labeled rows.
        splitter: How they are split into training and test rows.
        model: The model to fit.
        metrics: The metrics of the test rows; by default, those of the task.
        test: The dataset that the test rows are written to, for later evaluations; none by default.
    """

    makes: ClassVar[tuple[str, ...]] = ("model",)
    writes: ClassVar[tuple[str, ...]] = ("test",)

    kind: Literal["training"] = "training"
    task: AnyTask
    data: AnyDataset
    splitter: AnySplitter
    model: AnyModel
    metrics: tuple[AnyMetric, ...] = ()
    test: AnyDataset | None = None

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`; a fit that was interrupted resumes from its checkpoint."""
        check_metrics(self.metrics, self.task)
        schema = SCHEMAS[self.task.kind]
        with TemporaryDirectory(dir=run.folder) as folder:
            with run.reading(self.data) as count:
                examples = Examples.read(
                    self.task, schema, self.data, self.splitter, self.model, Path(folder)
                )
                count(examples.table.num_rows)
            self._fit(run, examples)

    def _fit(self, run: Run, examples: Examples) -> None:
        """Fit the model, save it, and evaluate it on the test rows."""
        train, test = examples.split(examples.everything, self.seed)
        fold = examples.fold(self.model, train, test, self.seed)
        fingerprint = examples.copied or run.inputs[0].fingerprint
        checkpoints = examples.checkpoints(self.model, self.seed, self.output, fingerprint)
        count = fold.train.count
        label, unit = f"fitting {self.model.kind} to {count:,} rows", self.model.unit
        with progress(label, self.model.max_passes, unit, size=count) as advance:
            fitting = FitContext(
                self.seed, fold.validation, checkpoints, advance, logger.info, run.log
            )
            predictor = self.model.fit(fold.train, fitting)
        run.obsolete += [checkpoints] if checkpoints else []
        saved = save(run.folder / "model", self.model, predictor, fold.train)
        run.artifacts["model"] = str(run.place / "model")
        unseen = Unseen(saved.categories)
        with progress("testing", fold.test.count) as advance:
            rows = unseen.watch(fold.test.read())
            scores = assess(run, predictor, rows, self.metrics, self.seed, advance)
        unseen.conclude(run)
        measured = tuple(self.metrics) or self.task.metrics()
        with progress("scoring the training rows", count) as advance:
            trained = score(predictor, measured, fold.train.read(), self.seed, advance)
        target = examples.table[examples.schema.target.name]
        truths = [self.task.encode(target.take(each), fold.problem) for each in (train, test)]
        constant = baseline(measured, fold.problem, *truths)
        run.tables["Scores"] = beside(scores.metrics, trained.metrics, constant)
        parts = {"training": fold.train, "validation": fold.validation, "test": fold.test}
        counts = {part: rows.count for part, rows in parts.items() if rows}
        run.tables["Split"] = pa.table(
            {
                "part": list(counts),
                "rows": list(counts.values()),
                "splitter": [self.splitter.kind] * len(counts),
            }
        )
        if self.test is not None:
            self.test.write(examples.schema.examples(), examples.at(test))
