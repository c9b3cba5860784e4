"""Monitoring: compare current data and predictions with a reference."""

from collections import Counter
from datetime import UTC, datetime
from typing import ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from ..assessment.unseen import Unseen
from ..datasets import AnyDataset
from ..datasets.contract import check_target
from ..datasets.sampling import draw
from ..models.base import Predictor
from ..monitors import AnyMonitor
from ..monitors.base import Watched
from ..monitors.findings import FINDINGS, judge
from ..plots.monitoring import judged
from ..progress import progress
from ..runs.run import Run
from ..schemas.base import arrow, select
from ..sources import AnySource
from ..tasks import task_of
from .base import BatchJob

HISTORY = pa.schema([("run", pa.string()), ("time", pa.timestamp("us")), *FINDINGS])


class Monitoring(BatchJob):
    """Compare current data and predictions with a reference, such as the training rows.

    A uniform sample of each table is compared, so that memory does not grow with the tables. The
    findings of each run are appended to one table, to be followed over time.

    Attributes:
        kind: `monitoring`.
        model: The source of the saved model.
        reference: The reference rows, such as the training rows of the model.
        data: The current rows.
        labeled: Whether the current rows have the target, so that performance is computed; detected
            by default.
        rows: The maximum sample size of each table.
        monitors: The monitors that compare them.
        results: The dataset that findings are appended to.
    """

    writes: ClassVar[tuple[str, ...]] = ("results",)

    kind: Literal["monitoring"] = "monitoring"
    model: AnySource
    reference: AnyDataset
    data: AnyDataset
    labeled: bool | None = None
    rows: int = Field(10_000, ge=1)
    monitors: tuple[AnyMonitor, ...] = Field(min_length=1)
    results: AnyDataset

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        artifact = self.model.read(run)
        predictor, unseen = artifact.predictor, Unseen(artifact.categories)
        if self.results.exists():
            self.results.check(HISTORY)
        current = self._watched(run, predictor, self.data, self.labeled, unseen)
        reference = self._watched(run, predictor, self.reference, None, Unseen({}))
        unseen.conclude(run)

        tables = []
        for at, monitor in enumerate(self.monitors):
            with progress(f"watching by {monitor.kind}"):
                found = monitor.watch(predictor.problem, reference, current)
            table, failures = judge(found.table, monitor.thresholds)
            run.failures.extend(failures)
            tables.append(table)
            name = monitor.kind if len(self.monitors) == 1 else f"{monitor.kind}-{at + 1}"
            (run.folder / f"{name}.html").write_text(found.page, encoding="utf-8")
            run.artifacts[name] = str(run.place / f"{name}.html")
        self._conclude(run, pa.concat_tables(tables))

    def _watched(
        self,
        run: Run,
        predictor: Predictor,
        data: AnyDataset,
        labeled: bool | None,
        unseen: Unseen,
    ) -> Watched:
        """Sample rows of a table, and predict them."""
        problem, seen = predictor.problem, 0
        task, target = task_of(problem.task), problem.target
        if labeled is None:
            labeled = target.name in data.there().names

        with run.reading(data) as count, progress(f"reading {data.location}") as advance:

            def observe(batch: pa.RecordBatch) -> None:
                nonlocal seen
                if labeled:
                    labels = pa.chunked_array([batch[target.name]])
                    check_target(labels, target, seen, name=data.location)
                    task.encode(labels, problem)
                seen += batch.num_rows
                advance(batch.num_rows)

            columns = arrow(*problem.features, *([target] if labeled else []))
            batches = unseen.watch(data.read(columns))
            table, rows = draw(batches, self.rows, self.seed, observe)
            count(rows)
        features = select(table, problem.features)
        predictions = task.decode(predictor.outputs(features), problem)
        labels = select(table, [target])[target.name] if labeled else None
        return Watched(features, predictions, labels)

    def _conclude(self, run: Run, findings: pa.Table) -> None:
        """Add findings to the run, and append them to those of earlier runs."""
        rows = findings.to_pylist()
        named = Counter(row["metric"] for row in rows)
        run.metrics.update(
            {
                row["metric"]: float("nan") if row["value"] is None else row["value"]
                for row in rows
                if row["column"] is None and named[row["metric"]] == 1
            }
        )
        order = sorted(range(len(rows)), key=lambda at: rows[at]["passed"] is not False)
        run.tables["Findings"] = findings.take(order)
        run.figures.update(judged(rows))
        size = findings.num_rows
        names = pa.array([run.place.name] * size, pa.string())
        times = pa.array([datetime.now(UTC).replace(tzinfo=None)] * size, pa.timestamp("us"))
        added = findings.add_column(0, "time", times).add_column(0, "run", names)
        self.results.append(added.schema, added.to_batches())
        run.artifacts["results"] = self.results.location
