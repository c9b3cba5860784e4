"""Evaluation: evaluate a saved model on labeled data."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..assessment.assess import assess, check_metrics, check_rival, compared
from ..assessment.bootstrap import Bootstrap
from ..assessment.slices import Slice, Slices
from ..assessment.unseen import Unseen
from ..datasets import AnyDataset
from ..errors import ConfigurationError, nearest
from ..metrics import AnyMetric
from ..metrics.base import Metric
from ..models.base import Predictor
from ..progress import progress
from ..runs.records import Input, RunRecord
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..schemas.base import Column, Schema
from ..sources import AnySource
from ..sources.base import Source
from ..tasks import task_of
from .base import BatchJob


class Threshold(BaseModel):
    """The value that a metric must reach.

    Attributes:
        min: The least value that passes.
        max: The greatest value that passes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _check_bounds(self) -> "Threshold":
        if self.min is None and self.max is None:
            raise ValueError("name min or max")
        return self

    def failure(self, name: str, value: float) -> str | None:
        """Return why a value does not pass, if it does not; an undefined one never does."""
        if self.min is not None and not value >= self.min:
            return f"{name} is {value:.6g}, and must be at least {self.min:g}"
        if self.max is not None and not value <= self.max:
            return f"{name} is {value:.6g}, and must be at most {self.max:g}"
        return None


class Evaluation(BatchJob):
    """Evaluate a saved model on a labeled table of any size.

    Attributes:
        kind: `evaluation`.
        model: The source of the saved model.
        champion: The source of another model, which is evaluated on the same rows.
        data: The labeled rows.
        metrics: The metrics; by default, those of the task.
        confidence: The confidence level of the bootstrap intervals.
        replicates: The number of bootstrap samples.
        slices: Columns by whose values the metrics are computed separately.
        thresholds: The values that metrics must reach; if one does not, the exit code is 1. `null`
            removes a threshold that an earlier file states.
    """

    makes: ClassVar[tuple[str, ...]] = ()

    kind: Literal["evaluation"] = "evaluation"
    model: AnySource
    champion: AnySource | None = None
    data: AnyDataset
    metrics: tuple[AnyMetric, ...] = ()
    confidence: float = Field(0.95, gt=0, lt=1)
    replicates: int = Field(500, ge=20)
    slices: tuple[Slice, ...] = ()
    thresholds: Mapping[str, Threshold | None] = Field(default_factory=dict)

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        artifact = self.model.read(run)
        predictor, unseen = artifact.predictor, Unseen(artifact.categories)
        problem = predictor.problem
        task = task_of(problem.task)
        check_metrics(self.metrics, task)
        metrics = self.metrics or task.metrics()
        self._check_thresholds(metrics)
        rivals: tuple[Predictor, ...] = ()
        if self.champion is not None:
            rivals = (self.champion.read(run, "champion").predictor,)
            check_rival(problem, rivals[0].problem, "champion")
        known = (*problem.features, *_others(SCHEMAS[problem.task]))
        cut = [each.find(known) for each in self.slices]

        slices = Slices(self.slices, metrics)
        bootstrap = Bootstrap(metrics, self.seed)

        def observe(table: pa.Table, truth: NDArray[Any], outputs: NDArray[np.float64]) -> None:
            slices.add(table, truth, outputs)
            bootstrap.add(truth, [outputs, *(rival.outputs(table) for rival in rivals)])

        columns = (*compared(problem, [rival.problem for rival in rivals]), *cut)
        with (
            run.reading(self.data) as count,
            progress(f"evaluating on {self.data.location}") as advance,
        ):
            batches = unseen.watch(self.data.rows(*columns))
            found = assess(run, predictor, batches, metrics, self.seed, advance, observe)
            count(found.rows)
        unseen.conclude(run)
        warn_of_training_rows(run, self.model, run.inputs[0])
        run.tables["Metrics"] = bootstrap.table(self.replicates, self.confidence)
        if self.slices:
            run.tables["Slices"] = slices.table()
        for name, threshold in self.thresholds.items():
            if threshold and (failure := threshold.failure(name, found.metrics[name])):
                run.failures.append(failure)

    def _check_thresholds(self, metrics: Sequence[Metric]) -> None:
        """Reject a threshold of a metric that is not computed."""
        measured = [metric.kind for metric in metrics]
        for name, threshold in self.thresholds.items():
            if threshold and name not in measured:
                raise ConfigurationError(
                    f"'{name}' is not measured; {nearest(name, measured)}; null takes it back",
                    "thresholds",
                )


def warn_of_training_rows(run: Run, model: Source, data: Input) -> None:
    """Warn if a model was trained on the same table, as its run records beside its folder."""
    for record in (folder.parent / RunRecord.FILE for folder in model.paths()):
        if record.is_file() and data.fingerprint:
            known = json.loads(record.read_text(encoding="utf-8"))["inputs"]
            if data.fingerprint in {each["fingerprint"] for each in known}:
                run.warn(
                    f"the model was trained on rows of {data.location}: its metrics there are too"
                    " good"
                )


def _others(schema: Schema) -> Sequence[Column]:
    """Return the columns of a contract, besides the features, that slices can use."""
    optional = (schema.group, schema.weight)
    return (*schema.identifiers, *(column for column in optional if column))
