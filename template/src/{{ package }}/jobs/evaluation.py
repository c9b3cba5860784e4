"""Evaluation: measure a saved model on labelled rows."""

from pathlib import Path
from typing import Literal

from ..assessment import assess, check_metrics
from ..contract import arrow
from ..datasets import AnyDataset
from ..metrics import AnyMetric
from ..models.artefact import load
from ..progress import progress
from ..runs import Run, find
from ..tasks import task_of
from .base import Job


class Evaluation(Job):
    """Measure a saved model on a labelled table, however long.

    Attributes:
        kind: `evaluation`.
        model: The folder of the model; a part `latest` stands for the newest run.
        data: The rows to measure it on.
        metrics: What is measured; the task's own if none is named.
    """

    kind: Literal["evaluation"]
    model: Path
    data: AnyDataset
    metrics: tuple[AnyMetric, ...] = ()

    def work(self, run: Run) -> None:
        """See `Job.work`."""
        artefact = load(find(self.model))
        problem = artefact.manifest.problem
        check_metrics(self.metrics, task_of(problem.task))
        with progress(f"evaluating on {self.data.path}") as advance:
            batches = self.data.read(arrow(*problem.features, problem.target))
            rows = assess(run, artefact.predictor, batches, self.metrics, self.seed, advance)
        run.add_data(self.data, rows)
