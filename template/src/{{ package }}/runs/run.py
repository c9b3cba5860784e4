"""Runs: the folder that each execution of a job leaves, with a record of what was done."""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
from pyarrow import csv

from .. import PROJECT
from ..concealing import conceal, refer
from ..datasets.base import Dataset
from ..files import new_folder
from . import provenance
from .history import History
from .records import Input, RunRecord, StartedRun
from .report import draw, render
from .tables import concealed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

logger = logging.getLogger(__name__)

REPORT = "report.html"
HISTORY = "history.csv"


@dataclass
class Run:
    """A run in progress: its job adds to it what its folder and its record will hold.

    Attributes:
        folder: Where the job may write files.
        place: Where the folder will be once the job has succeeded.
        metrics: What was measured.
        failures: Requirements that were not met, each in a sentence.
        warnings: What may make the results wrong, each in a sentence.
        tables: Tables of results, by title.
        figures: Plots, by title.
        inputs: The data that was read.
        models: The saved models that were used, by role.
        artifacts: Where the results will be, by name.
        obsolete: Folders that nobody needs any more once the run is in place.
        history: Metrics that were logged at each step.
        listener: Called with what is logged, as soon as it is.
    """

    folder: Path
    place: Path
    metrics: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    figures: dict[str, "Figure"] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, str] = field(default_factory=dict)
    obsolete: list[Path] = field(default_factory=list)
    history: History = field(default_factory=History)
    listener: Callable[[int, Mapping[str, float]], None] = lambda *_: None

    @contextmanager
    def reading(self, dataset: Dataset) -> Iterator[Callable[[int], None]]:
        """Record a dataset that is read in this block; without a fingerprint if it changes.

        Yields:
            A function that counts rows as read.
        """
        rows = 0

        def count(more: int) -> None:
            nonlocal rows
            rows += more

        before = dataset.fingerprint() if dataset.exists() else None
        yield count
        if before is not None and dataset.fingerprint() != before:
            self.warn(f"{dataset.location} changed while it was read")
            before = None
        self.inputs.append(Input(location=refer(dataset.location), rows=rows, fingerprint=before))

    def warn(self, warning: str) -> None:
        """Log a warning, and record it."""
        logger.warning(warning)
        self.warnings.append(warning)

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Log metrics while the job runs, such as the validation loss after an epoch.

        They are written to `history.csv`, drawn in the report, and received by trackers at once.

        Args:
            step: The number of the step, such as an epoch; not less than the one before.
            metrics: Their values, by name.
        """
        self.history.add(step, metrics)
        self.listener(step, metrics)


@dataclass(frozen=True)
class FinishedRun:
    """A run that ended well.

    Attributes:
        folder: Where its files are.
        record: What is known of it.
    """

    folder: Path
    record: RunRecord


def perform(
    job: str,
    output: Path,
    config: Mapping[str, Any],
    work: Callable[[Run], None],
    parent: str | None = None,
    listener: Callable[[StartedRun, int, Mapping[str, float]], None] = lambda *_: None,
) -> FinishedRun:
    """Do a job's work in a folder aside, and move it into place with record and report.

    Args:
        job: The kind of job.
        output: The folder of all runs; this one becomes `output/job/run_id`.
        config: The configuration that runs.
        work: What the job does; if it raises, nothing of the run remains.
        parent: The id of the run that starts this one, if one does.
        listener: Called with what the job logs.
    """
    now = datetime.now(UTC)
    folder = output / job / f"{now:%Y%m%dT%H%M%S.%f}-{uuid4().hex[:4]}"
    started = StartedRun(
        run_id=folder.name,
        parent=parent,
        job=job,
        project=PROJECT,
        start_time=now,
        config=refer(dict(config)),
        code=provenance.code(),
        environment=provenance.environment(PROJECT),
    )
    with new_folder(folder) as aside:
        run = Run(aside, folder, listener=partial(listener, started))
        work(run)
        ended = datetime.now(UTC)
        record = RunRecord(
            **dict(started),
            end_time=ended,
            seconds=(ended - now).total_seconds(),
            metrics={
                name: value if isfinite(value) else None for name, value in run.metrics.items()
            },
            failures=tuple(map(conceal, run.failures)),
            warnings=tuple(map(conceal, run.warnings)),
            inputs=tuple(run.inputs),
            models=refer(run.models),
            artifacts=refer(run.artifacts),
        )
        _write(aside, record, run)
    for each in run.obsolete:
        shutil.rmtree(each, ignore_errors=True)
    return FinishedRun(folder, record)


def _write(folder: Path, record: RunRecord, run: Run) -> None:
    """Write record, tables, plots and report into the folder of a run."""
    record.save(folder)
    if run.history:
        csv.write_csv(run.history.table(), folder / HISTORY)
    figures = run.figures | run.history.figures()
    drawn = {title: draw(figure) for title, figure in figures.items()}
    for title, image in drawn.items():
        (_made(folder / "plots") / f"{_file_name(title)}.svg").write_bytes(image)
    tables = {title: concealed(table) for title, table in run.tables.items()}
    for title, table in tables.items():
        csv.write_csv(table, _made(folder / "tables") / f"{_file_name(title)}.csv")
    report = render(record.model_dump(mode="json"), tables, drawn)
    (folder / REPORT).write_text(report, encoding="utf-8")


def _made(folder: Path) -> Path:
    """Return a folder, which is made if it is not there."""
    folder.mkdir(exist_ok=True)
    return folder


def _file_name(title: str) -> str:
    """Return the name of the file for what has a title."""
    return "".join(each if each.isalnum() or each in "._" else "-" for each in title.lower())
