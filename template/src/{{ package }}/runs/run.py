"""Runs: the folder that each execution of a job leaves, with a record of what was done."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
from pyarrow import csv

from .. import PROJECT
from ..datasets.base import Dataset
from ..errors import ProjectError
from ..files import new_folder
from . import provenance
from .records import Input, Record
from .report import draw, render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LATEST = "latest"
RECORD = "run.json"
REPORT = "report.html"


@dataclass
class Run:
    """A run while it goes on: what its job adds to it ends up in its folder and its record.

    Attributes:
        folder: Where the job may write files.
        place: Where the folder will be once the job has succeeded.
        metrics: What was measured.
        failures: In what it was not good enough, each in a sentence.
        tables: What was found in more than one row, by title.
        figures: What was drawn, by title.
        inputs: What was read.
        models: The saved models that were used, by what for.
        artifacts: Where what was made will lie, by name.
        obsolete: Folders that nobody needs any more once the run is in place.
    """

    folder: Path
    place: Path
    metrics: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    figures: dict[str, "Figure"] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, str] = field(default_factory=dict)
    obsolete: list[Path] = field(default_factory=list)

    def add_input(self, dataset: Dataset, rows: int) -> None:
        """Record that rows were read from a dataset."""
        read = Input(name=dataset.name, rows=rows, fingerprint=dataset.fingerprint())
        self.inputs.append(read)


@dataclass(frozen=True)
class FinishedRun:
    """A run that ended well.

    Attributes:
        folder: Where its files are.
        record: What is known of it.
    """

    folder: Path
    record: Record


def perform(
    job: str, output: Path, configuration: Mapping[str, Any], work: Callable[[Run], None]
) -> FinishedRun:
    """Do a job's work in a folder aside, and move it into place with record and report.

    Args:
        job: The kind of job.
        output: The folder of all runs; this one becomes `output/job/run`.
        configuration: What the job was told, as stated.
        work: What the job does; if it raises, nothing of the run remains.
    """
    started = datetime.now(UTC)
    folder = output / job / f"{started:%Y%m%dT%H%M%S.%f}-{uuid4().hex[:4]}"
    code, environment = provenance.code(), provenance.environment(PROJECT)
    with new_folder(folder) as aside:
        run = Run(aside, folder)
        work(run)
        finished = datetime.now(UTC)
        record = Record(
            run_id=folder.name,
            job=job,
            project=PROJECT,
            start_time=started,
            end_time=finished,
            seconds=(finished - started).total_seconds(),
            config=dict(configuration),
            metrics={
                name: value if isfinite(value) else None for name, value in run.metrics.items()
            },
            failures=tuple(run.failures),
            inputs=tuple(run.inputs),
            models=run.models,
            artifacts=run.artifacts,
            code=code,
            environment=environment,
        )
        _write(aside, record, run)
    for each in run.obsolete:
        shutil.rmtree(each, ignore_errors=True)
    return FinishedRun(folder, record)


def _write(folder: Path, record: Record, run: Run) -> None:
    """Write record, tables, plots and report into the folder of a run."""
    (folder / RECORD).write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    drawn = {title: draw(figure) for title, figure in run.figures.items()}
    for title, image in drawn.items():
        (_made(folder / "plots") / f"{_file_name(title)}.svg").write_bytes(image)
    for title, table in run.tables.items():
        csv.write_csv(table, _made(folder / "tables") / f"{_file_name(title)}.csv")
    report = render(record.model_dump(mode="json"), run.tables, drawn)
    (folder / REPORT).write_text(report, encoding="utf-8")


def _made(folder: Path) -> Path:
    """Return a folder, which is made if it is not there."""
    folder.mkdir(exist_ok=True)
    return folder


def _file_name(title: str) -> str:
    """Return the name of the file for what has a title."""
    return "".join(each if each.isalnum() or each in "._" else "-" for each in title.lower())


def find(path: Path) -> Path:
    """Return a path whose part `latest` is replaced by the newest run there.

    What is there by that name, as a folder above the project, stands for itself.

    Raises:
        ProjectError: If there is no run yet.
    """
    for at, part in enumerate(path.parts):
        literal = (path, *path.parents)[len(path.parts) - at - 1]
        if part != LATEST or literal.exists():
            continue
        parent = literal.parent
        for run in sorted(parent.iterdir() if parent.is_dir() else (), reverse=True):
            if not run.name.startswith(".") and (run / RECORD).is_file():
                return run.joinpath(*path.parts[at + 1 :])
        raise ProjectError(f"{path}: there is no run in {parent} yet; run that job first")
    return path
