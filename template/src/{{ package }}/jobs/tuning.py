"""Tuning: search for the hyperparameters with the best validation score."""

import logging
from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import ClassVar, Literal

import pyarrow as pa
import yaml
from pydantic import Field, JsonValue

from ..assessment.assess import check_metrics
from ..concealing import refer
from ..datasets import AnyDataset
from ..errors import ConfigurationError, ProjectError
from ..files import scratch
from ..metrics import AnyMetric
from ..metrics.base import Metric
from ..models import AnyModel
from ..models.fitting import Examples
from ..progress import progress
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..schemas.base import Schema
from ..searchers import AnySearcher
from ..searchers.base import Outcome, Search, Trial
from ..searchers.claim import claimed
from ..searchers.plots import against, history
from ..searchers.space import Dimension, Space
from ..searchers.trials import Score, Trials, changed, scoring
from ..splitters import AnySplitter
from ..tasks import AnyTask
from .base import BatchJob

logger = logging.getLogger(__name__)


class Tuning(BatchJob):
    """Search for the hyperparameters with the best validation score, and write them for `training`.

    The test rows of training are not used. The others are split again for each fold: a trial is
    fitted to one part and evaluated on the rest. An interrupted search resumes.

    Attributes:
        kind: `tuning`.
        task: What is predicted.
        data: The labeled rows.
        splitter: How they are split into training and test rows.
        model: The model to tune.
        space: The search space: its hyperparameters, and the bounds of each.
        searcher: The search algorithm.
        metrics: The first is optimized; by default, the first of the task.
        folds: The number of splits that each trial is evaluated on.
        workers: The number of processes that run trials in parallel.
    """

    makes: ClassVar[tuple[str, ...]] = ("best",)

    kind: Literal["tuning"] = "tuning"
    task: AnyTask
    data: AnyDataset
    splitter: AnySplitter
    model: AnyModel
    space: Space
    searcher: AnySearcher
    metrics: tuple[AnyMetric, ...] = ()
    folds: int = Field(3, ge=1)
    workers: int = Field(1, ge=1)

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        check_metrics(self.metrics, self.task)
        schema = SCHEMAS[self.task.kind]
        dimensions = self.dimensions(schema)
        with TemporaryDirectory(dir=run.folder) as folder:
            with run.reading(self.data) as count:
                given = (self.data, self.splitter, self.model, Path(folder))
                examples = Examples.read(self.task, schema, *given)
                count(examples.table.num_rows)
            self._search(run, examples, dimensions)

    def _search(self, run: Run, examples: Examples, dimensions: Mapping[str, Dimension]) -> None:
        """Run trials until the searcher is done, and add the results to the run."""
        metric = (self.metrics or self.task.metrics())[0]
        train, _ = examples.split(examples.everything, self.seed)
        trials = Trials(examples, train, self.model, metric, self.seed)
        stated = self.model_dump_json(exclude={"output", "trackers", "workers"})
        known = examples.copied or run.inputs[0].fingerprint or run.place.name
        parts = (stated, examples.schema.model_dump_json(), *self.model.versions().values(), known)
        kept = scratch(self.output, "searches", *parts)
        with claimed(kept):
            search = self.searcher.search(
                dimensions, greater_is_better=metric.greater_is_better, seed=self.seed, folder=kept
            )
            with (
                progress("tuning", self.searcher.trials, "trials") as advance,
                scoring(trials, self.workers) as score,
            ):
                advance(len(search.outcomes()))
                while asked := search.ask(self.workers):
                    self.measure(asked, search, score)
                    advance(len(asked))
            self._conclude(run, search.outcomes(), dimensions, metric)
        run.obsolete.append(kept)

    def dimensions(self, schema: Schema) -> Mapping[str, Dimension]:
        """Return the search space, once the model has accepted its bounds.

        Raises:
            ConfigurationError: If the space is of another model, or the model rejects a bound.
        """
        if self.space.kind != self.model.kind:
            raise ConfigurationError(
                f"it is of '{self.space.kind}', and the model is '{self.model.kind}': merge"
                f" confs/spaces/{self.model.kind}.yaml too",
                "space.kind",
            )
        if self.folds > 1 and not self.splitter.random:
            raise ConfigurationError(
                f"'{self.splitter.kind}' parts rows in one way only: set folds to 1", "folds"
            )
        dimensions = self.space.dimensions
        self.searcher.check(dimensions)
        extremes = {key: dimension.extremes for key, dimension in dimensions.items()}
        for at in range(max(map(len, extremes.values()))):
            values = {key: each[at % len(each)] for key, each in extremes.items()}
            changed(self.model, values).check(self.task, schema)
        return dimensions

    def measure(self, asked: Sequence[Trial], search: Search, score: Score) -> None:
        """Evaluate trials fold by fold, and prune those that are worse than earlier ones."""
        values: dict[int, list[float]] = {trial.number: [] for trial in asked}
        trying = list(asked)
        for fold in range(self.folds):
            results = score([trial.values for trial in trying], fold)
            for trial, result in zip(tuple(trying), results, strict=True):
                known = values[trial.number]
                if isinstance(result, ProjectError) or isnan(result):
                    reason = "its metric is undefined" if isinstance(result, float) else result
                    logger.warning("trial %s failed: %s", trial.number, reason)
                    search.tell(trial, "failed", None)
                    trying.remove(trial)
                    continue
                known.append(result)
                if not search.report(trial, fold, fmean(known)) and fold + 1 < self.folds:
                    search.tell(trial, "pruned", fmean(known))
                    trying.remove(trial)
        for trial in trying:
            search.tell(trial, "complete", fmean(values[trial.number]))

    def _conclude(
        self,
        run: Run,
        outcomes: Sequence[Outcome],
        dimensions: Mapping[str, Dimension],
        metric: Metric,
    ) -> None:
        """Add the best trial, all trials, and plots of them to the run.

        Raises:
            ProjectError: If no trial was completed.
        """
        whole = {
            each.trial.number: each.value
            for each in outcomes
            if each.state == "complete" and each.value is not None
        }
        if not whole:
            raise ProjectError("no trial came to its end; the log says why each failed")
        greater = metric.greater_is_better
        best = (max if greater else min)(whole, key=lambda number: whole[number])
        winner = next(each.trial for each in outcomes if each.trial.number == best)
        model = changed(self.model, winner.values).model_dump(mode="json", exclude_unset=True)
        head = f"# {metric.kind} {whole[best]:.6g}: the best of {len(outcomes)} trials.\n"
        text = head + yaml.safe_dump({"model": refer(model)}, sort_keys=False, allow_unicode=True)
        (run.folder / "best.yaml").write_text(text, encoding="utf-8")
        run.artifacts["best"] = str(run.place / "best.yaml")
        run.tables["Trials"] = pa.Table.from_pylist(
            [
                {
                    "trial": each.trial.number,
                    "state": each.state,
                    metric.kind: each.value,
                    **{key: _plain(value) for key, value in each.trial.values.items()},
                }
                for each in outcomes
            ]
        )
        run.metrics[f"best_{metric.kind}"] = whole[best]
        run.figures["Trials"] = history(outcomes, metric.kind, greater_is_better=greater)
        for key, dimension in dimensions.items():
            run.figures[key] = against(outcomes, key, dimension, metric.kind)


def _plain(value: JsonValue) -> JsonValue:
    """Return a value in a form that a table can store."""
    return str(value) if isinstance(value, list | dict) else value
