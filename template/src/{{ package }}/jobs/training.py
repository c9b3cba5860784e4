"""Training: fit a model, evaluate it on a test set, and save it."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Literal

import pyarrow as pa

from ..assessment.assess import assess, check_metrics
from ..assessment.baseline import baseline, beside
from ..assessment.scoring import Scores, score
from ..assessment.unseen import Unseen
from ..datasets import AnyDataset
from ..metrics import AnyMetric
from ..models import AnyModel
from ..models.artifact import Artifact, save
from ..models.base import FitContext
from ..models.fitting import Examples, Fold
from ..progress import progress
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..splitters import AnySplitter
from ..splitters.base import Positions
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
            train, test = examples.split(examples.everything, self.seed)
            fold = examples.fold(self.model, train, test, self.seed)
            artifact = self._fit(run, examples, fold)
            tested = self._test(run, artifact, fold)
            run.tables["Scores"] = self._compare(tested, artifact, examples, fold, (train, test))
            run.tables["Split"] = self._sizes(fold)
            if self.test is not None:
                self.test.write(examples.schema.examples(), examples.at(test))

    def _fit(self, run: Run, examples: Examples, fold: Fold) -> Artifact:
        """Fit the model, and save it."""
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
        run.artifacts["model"] = str(run.place / "model")
        return save(run.folder / "model", self.model, predictor, fold.train)

    def _test(self, run: Run, artifact: Artifact, fold: Fold) -> Scores:
        """Evaluate the model on the test rows."""
        unseen = Unseen(artifact.categories)
        with progress("testing", fold.test.count) as advance:
            rows = unseen.watch(fold.test.read())
            scores = assess(run, artifact.predictor, rows, self.metrics, self.seed, advance)
        unseen.conclude(run)
        return scores

    def _compare(
        self,
        tested: Scores,
        artifact: Artifact,
        examples: Examples,
        fold: Fold,
        positions: tuple[Positions, Positions],
    ) -> pa.Table:
        """Return the scores beside those of the training rows and of a constant prediction."""
        metrics = tuple(self.metrics) or self.task.metrics()
        with progress("scoring the training rows", fold.train.count) as advance:
            trained = score(artifact.predictor, metrics, fold.train.read(), self.seed, advance)
        target = examples.table[examples.schema.target.name]
        truths = [self.task.encode(target.take(each), fold.problem) for each in positions]
        constant = baseline(metrics, fold.problem, *truths)
        return beside(tested.metrics, trained.metrics, constant)

    def _sizes(self, fold: Fold) -> pa.Table:
        """Return the number of rows of each part, and the kind of the splitter."""
        parts = {"training": fold.train, "validation": fold.validation, "test": fold.test}
        counts = {name: rows.count for name, rows in parts.items() if rows}
        columns = {"part": list(counts), "rows": list(counts.values())}
        return pa.table(columns | {"splitter": [self.splitter.kind] * len(counts)})
