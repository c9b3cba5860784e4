"""MLflow tracking, on an embedded SQLite file or on a server."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING, Literal, TypeVar

from ..connections.mlflow import Uri, check, connected, experiment_of, file_of
from ..flavors.artifacts import MODEL, failing, log_model, log_path
from ..location import Location
from ..runs.records import RunRecord, StartedRun
from ..runs.run import FinishedRun
from ..secrets import without_user
from .base import Recording, Tracker, flat

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import DatasetInput, Metric, RunInfo

T = TypeVar("T")

MAX_VALUE = 6000  # MLflow refuses a longer parameter,
MAX_DIGEST = 36  # a longer digest of data,
MAX_NAME = 240  # a longer name of a metric or a parameter,
MAX_METRICS, MAX_PARAMS = 1000, 100  # more of them at once,
REFUSED = re.compile(r"[^\w\-. :/]")  # and these characters in such a name.
PAUSE = 1.0  # seconds between two requests while a job runs


class MlflowTracker(Tracker):
    """MLflow tracking.

    Attributes:
        kind: `mlflow`.
        tracking_uri: Where runs are recorded: `sqlite:///FILE`, the address of a server, or
            `databricks`.
        artifact_location: Where files go in a new experiment; `null` leaves it to the server, and
            beside a file of SQLite means `mlartifacts`.
        experiment_name: What the runs belong to.
    """

    kind: Literal["mlflow"] = "mlflow"
    tracking_uri: Uri = "sqlite:///mlflow.db"
    artifact_location: Location | None = None
    experiment_name: str

    def check(self) -> None:
        """See `Tracker.check`."""
        check(self.tracking_uri)

    def paths(self) -> tuple[Path, ...]:
        """See `Tracker.paths`: the file of an embedded database."""
        return (file,) if (file := file_of(self.tracking_uri)) else ()

    def start(self, run: StartedRun) -> Recording:
        """See `Tracker.start`."""
        with connected(self.tracking_uri) as client:
            experiment = experiment_of(client, self.experiment_name, self.artifact_location)
            return MlflowRecording(self.tracking_uri, experiment, _begin(client, experiment, run))


class MlflowRecording(Recording):
    """A run of MLflow's. Metrics of steps are sent at most once a second."""

    def __init__(self, uri: str, experiment: str, run: "RunInfo") -> None:
        """State what is recorded, and where."""
        self._uri = uri
        self._experiment = experiment
        self._run = run
        self._pending: list[Metric] = []
        self._next = time.monotonic()

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """See `Recording.log`."""
        from mlflow.entities import Metric

        now = _milliseconds(datetime.now(UTC))
        for name, value in _named(metrics).items():
            self._pending.append(Metric(name, value, now, step))
        if time.monotonic() >= self._next:
            with connected(self._uri) as client:
                self._send(client)
            self._next = time.monotonic() + PAUSE

    def finish(self, run: FinishedRun) -> str:
        """See `Recording.finish`; a model is logged as a model of MLflow's, with its signature."""
        with connected(self._uri) as client, failing(lambda: self._end(client, "FAILED")):
            self._send(client)
            _record(client, self._run, run.record)
            for path in sorted(run.folder.iterdir()):
                if path.name == MODEL:
                    log_model(client, self._experiment, path, self._run.run_id)
                else:
                    log_path(client, self._run, path)
            self._end(client, "FINISHED", _milliseconds(run.record.end_time))
        return f"MLflow {without_user(self._uri)}, run {self._run.run_id}"

    def fail(self) -> None:
        """See `Recording.fail`."""
        with connected(self._uri) as client:
            self._end(client, "FAILED")

    def _send(self, client: "MlflowClient") -> None:
        """Send the metrics that are pending."""
        while self._pending:
            client.log_batch(self._run.run_id, metrics=self._pending[:MAX_METRICS])
            del self._pending[:MAX_METRICS]

    def _end(self, client: "MlflowClient", status: str, at: int | None = None) -> None:
        """End the run."""
        client.set_terminated(self._run.run_id, status, at)


def _begin(client: "MlflowClient", experiment: str, run: StartedRun) -> "RunInfo":
    """Begin a run, with its tags and parameters."""
    from mlflow.entities import Param

    begun = client.create_run(
        experiment,
        start_time=_milliseconds(run.start_time),
        run_name=f"{run.job}-{run.run_id}",
        tags={
            "job": run.job,
            "mlflow.source.git.commit": run.code.commit or "",
            **({"parent": run.parent} if run.parent else {}),
        },
    ).info
    with failing(lambda: client.set_terminated(begun.run_id, "FAILED")):
        values = _named(dict(flat(run.config)))
        params = [Param(key, value[:MAX_VALUE]) for key, value in values.items()]
        for at in range(0, len(params), MAX_PARAMS):
            client.log_batch(begun.run_id, params=params[at : at + MAX_PARAMS])
    return begun


def _record(client: "MlflowClient", run: "RunInfo", record: RunRecord) -> None:
    """Record the metrics, the inputs and the models of a finished run."""
    from mlflow.entities import Metric, RunTag

    end = _milliseconds(record.end_time)
    measured = _named({name: value for name, value in record.metrics.items() if value is not None})
    client.log_batch(
        run.run_id,
        metrics=[Metric(name, value, end, 0) for name, value in measured.items()],
        tags=[RunTag(f"model.{role}", version) for role, version in record.models.items()],
    )
    client.log_inputs(run.run_id, datasets=list(_inputs(record)))


def _named(values: Mapping[str, T]) -> dict[str, T]:
    """Return values by names that MLflow accepts, none of them twice."""
    found: dict[str, T] = {}
    for key, value in values.items():
        name = REFUSED.sub("_", key)[:MAX_NAME]
        if normpath(name) != name or name.startswith((".", "/")):  # it is used as a path
            name = re.sub(r"[./]", "_", name) or "_"
        while name in found:
            name += "_"
        found[name] = value
    return found


def _inputs(record: RunRecord) -> Iterator["DatasetInput"]:
    """Yield the data that a run read, by which MLflow tells runs of the same data."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    for read in record.inputs:
        yield DatasetInput(
            Dataset(
                name=read.location,
                digest=(read.fingerprint or "unknown")[:MAX_DIGEST],
                source_type="local",
                source=json.dumps({"uri": read.location}),
                profile=json.dumps({"num_rows": read.rows}),
            ),
            [InputTag("mlflow.data.context", record.job)],
        )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
