"""MLflow tracking, on an embedded SQLite file or on a server."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import ConfigurationError
from ..runs import Finished, Record
from .base import Tracker, flat

if TYPE_CHECKING:
    from mlflow import MlflowClient

MAX_VALUE = 6000  # MLflow refuses a longer parameter.


class MlflowTracker(Tracker):
    """MLflow tracking.

    Attributes:
        kind: `mlflow`.
        uri: Where runs are recorded: `sqlite:///FILE`, or the address of a server.
        artefacts: Where files go in a new experiment; `null` leaves it to the server.
        experiment: What the runs belong to.
    """

    kind: Literal["mlflow"]
    uri: str = "sqlite:///mlflow.db"
    artefacts: Path | None = Path("mlartifacts")
    experiment: str

    def track(self, run: Finished) -> str:
        """See `Tracker.track`."""
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException

        for name in ("alembic", "mlflow"):
            logging.getLogger(name).setLevel(logging.WARNING)
        try:
            client = MlflowClient(self.uri)
            name = self._record(client, run.record)
            client.log_artifacts(name, str(run.folder))
            client.set_terminated(name, "FINISHED", _milliseconds(run.record.finished.timestamp()))
        except MlflowException as error:
            message = f"MLflow at {self.uri}: {error.message}"
            raise ConfigurationError(message, "trackers") from error
        return f"MLflow {self.uri}, run {name}"

    def _record(self, client: "MlflowClient", record: Record) -> str:
        """Begin a run with parameters, metrics and tags, and return its id."""
        from mlflow.entities import Metric, Param

        run = client.create_run(
            self._experiment(client),
            start_time=_milliseconds(record.started.timestamp()),
            run_name=f"{record.job}-{record.run}",
            tags={"job": record.job, "mlflow.source.git.commit": record.code.commit or ""},
        )
        ended = _milliseconds(record.finished.timestamp())
        client.log_batch(
            run.info.run_id,
            metrics=[
                Metric(key, value, ended, 0)
                for key, value in record.metrics.items()
                if value is not None
            ],
            params=[Param(key, value[:MAX_VALUE]) for key, value in flat(record.configuration)],
        )
        return str(run.info.run_id)

    def _experiment(self, client: "MlflowClient") -> str:
        """Return the id of the experiment, made if it is not there."""
        if found := client.get_experiment_by_name(self.experiment):
            return str(found.experiment_id)
        location = self.artefacts.resolve().as_uri() if self.artefacts else None
        return str(client.create_experiment(self.experiment, artifact_location=location))


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
