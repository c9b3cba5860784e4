"""Training: fit a model, measure it on rows that it has not seen, and save it."""

from typing import Literal

from ..assessment import assess, check_metrics
from ..contract import check_target, select
from ..datasets import AnyDataset
from ..metrics import AnyMetric
from ..models import AnyModel
from ..models.artefact import save
from ..progress import progress
from ..runs import Run
from ..schemas import SCHEMAS
from ..splitters import AnySplitter
from ..tasks import AnyTask
from .base import Job


class Training(Job):
    """Fit a model to part of a table, and test it on the rest.

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
        self.model.check(self.task)
        with progress(f"reading {self.data.path}") as advance:
            table = self.data.table(schema.examples())
            advance(table.num_rows)
        run.add_data(self.data, table.num_rows)
        check_target(table[schema.target.name], schema.target)

        learning, testing = self.splitter.split(table, schema, self.seed)
        train, test = table.take(learning), table.take(testing)
        target = train[schema.target.name]
        problem = self.task.problem(schema, target)
        self.task.encode(test[schema.target.name], problem)  # refuses before anything is learned
        with progress(f"fitting {self.model.kind} to {train.num_rows} rows"):
            predictor = self.model.fit(
                select(train, schema.features),
                self.task.encode(target, problem),
                problem,
                self.seed,
            )
        save(run.folder / "model", self.model, predictor, problem)
        run.artefacts["model"] = str(run.place / "model")
        with progress("testing", test.num_rows) as advance:
            batches = test.to_batches()
            assess(run, predictor, problem, batches, self.metrics, self.seed, advance)
