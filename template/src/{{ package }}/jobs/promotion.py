"""Promotion: move the alias of a registry to a better model."""

import logging
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from ..assessment.assess import check_metrics, check_rival, compared
from ..assessment.bootstrap import Bootstrap
from ..assessment.scoring import score
from ..assessment.unseen import Unseen
from ..datasets import AnyDataset
from ..errors import ProjectError
from ..metrics import AnyMetric
from ..metrics.base import Metric
from ..models.artifact import Artifact, load
from ..models.base import Predictor
from ..plots.promotion import gained
from ..progress import progress
from ..runs.run import Run
from ..schemas.base import arrow
from ..sources import AnyRegistry, AnySource
from ..tasks import task_of
from .base import BatchJob

logger = logging.getLogger(__name__)


class Promotion(BatchJob):
    """Compare a challenger with the champion on the same rows, and promote the better one.

    The challenger is registered, and the alias moves to it, only if it is better by the margin;
    otherwise the exit code is 1, and the registry is unchanged. If there is no champion yet, the
    challenger becomes it.

    Attributes:
        kind: `promotion`.
        model: The source of the challenger.
        champion: The registry, and the alias of the champion.
        data: Labeled rows that neither was fitted to.
        metrics: The first decides; by default, the metrics of the task.
        margin: The required improvement, in the unit of the metric; with 0, any improvement
            suffices.
        certain: Whether the whole confidence interval of the difference must exceed the margin.
        confidence: The confidence level of the bootstrap intervals.
        replicates: The number of bootstrap samples.
        rollback: Whether to move the alias back to the version that had it before, instead.
    """

    kind: Literal["promotion"] = "promotion"
    model: AnySource
    champion: AnyRegistry
    data: AnyDataset
    metrics: tuple[AnyMetric, ...] = ()
    margin: float = Field(0, ge=0)
    certain: bool = False
    confidence: float = Field(0.95, gt=0, lt=1)
    replicates: int = Field(500, ge=20)
    rollback: bool = False

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`; the registry is changed last."""
        if self.rollback:
            self._roll_back(run, self.champion.bearer())
            return
        version = self.model.version()
        run.models["challenger"] = version
        with self.model.opened(version) as folder:
            bearer = self.champion.bearer()
            if self._wins(run, load(folder), defended=bearer is not None):
                self._move(run, self.champion.register(folder), bearer)

    def _wins(self, run: Run, challenger: Artifact, *, defended: bool) -> bool:
        """Evaluate the challenger, and return whether it becomes the champion."""
        self.data.check(arrow(*challenger.manifest.problem.features))
        champion = self.champion.read(run, "champion") if defended else None
        predictors = [each.predictor for each in (challenger, champion) if each]
        table, metric = self._measure(run, predictors, Unseen(challenger.categories))
        if champion and champion.manifest == challenger.manifest:
            logger.info("the challenger is the champion already")
            return False
        if champion:
            self._judge(run, table.to_pylist()[0], metric)
        return not run.failures

    def _measure(
        self, run: Run, predictors: Sequence[Predictor], unseen: Unseen
    ) -> tuple[pa.Table, Metric]:
        """Evaluate one or two models on the same rows, and return the table and its first row."""
        problem = predictors[0].problem
        rivals = predictors[1:]
        for rival in rivals:
            check_rival(problem, rival.problem, "champion")
        task = task_of(problem.task)
        check_metrics(self.metrics, task)
        metrics = self.metrics or task.metrics()
        bootstrap = Bootstrap(metrics, self.seed)

        def observe(rows: pa.Table, truth: NDArray[Any], outputs: NDArray[np.float64]) -> None:
            bootstrap.add(truth, [outputs, *(rival.outputs(rows) for rival in rivals)])

        columns = compared(problem, [rival.problem for rival in rivals])
        with (
            run.reading(self.data) as count,
            progress(f"comparing on {self.data.location}") as advance,
        ):
            batches = unseen.watch(self.data.rows(*columns))
            found = score(predictors[0], metrics, batches, self.seed, advance, observe)
            count(found.rows)
        unseen.conclude(run)
        run.metrics.update(found.metrics)
        run.tables["Metrics"] = bootstrap.table(self.replicates, self.confidence)
        return run.tables["Metrics"], metrics[0]

    def _judge(self, run: Run, row: dict[str, Any], metric: Metric) -> None:
        """Return why the challenger is not promoted, if it is not."""
        sign = 1 if metric.greater_is_better else -1
        gain = sign * row["difference"]
        low, high = sorted((sign * row["difference_low"], sign * row["difference_high"]))
        run.metrics["gain"] = gain
        run.figures["Gain"] = gained(gain, low, high, self.margin, metric.kind)
        least, name = (low, "the low end of the gain") if self.certain else (gain, "the gain")
        if not (least > 0 and least >= self.margin):
            wanted = f"at least {self.margin:g}" if self.margin else "above 0"
            run.failures.append(f"{name} in {metric.kind} is {least:.6g}, and must be {wanted}")

    def _roll_back(self, run: Run, bearer: str | None) -> None:
        """Move the alias back to the previous version."""
        before = self.champion.before(bearer) if bearer else None
        if not before:
            raise ProjectError(
                f"there is nothing to go back to: '{self.champion.alias}' of"
                f" '{self.champion.name}' names {bearer or 'no version'}, and none before it"
            )
        run.models["champion"] = str(bearer)
        self._move(run, before, self.champion.before(before))

    def _move(self, run: Run, version: str, before: str | None) -> None:
        """Move the alias to a version."""
        self.champion.assign(version, before)
        run.artifacts["champion"] = f"{self.champion.name} {version}, as '{self.champion.alias}'"
