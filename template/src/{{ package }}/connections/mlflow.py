"""The connection to MLflow that its tracker and its registry share."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from ..errors import ProjectError
from ..files import url_of
from ..secrets import states_secret, without_user

if TYPE_CHECKING:
    from mlflow import MlflowClient

EMBEDDED = "sqlite:"
ARTIFACTS = Path("mlartifacts")  # of an embedded database

# A server that is down delays a job by some seconds, instead of MLflow's default of four minutes.
SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
}


def _without_secret(uri: str) -> str:
    if states_secret(uri):
        raise ValueError(
            "it contains a secret, which would be recorded: remove it, and set MLflow's"
            " own environment variables, such as MLFLOW_TRACKING_USERNAME and"
            " MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
        )
    return uri


Uri = Annotated[str, AfterValidator(_without_secret)]


@contextmanager
def connected(uri: str, registry: str | None = None) -> Iterator["MlflowClient"]:
    """Yield a client of MLflow.

    Args:
        uri: The tracking URI.
        registry: The registry URI, if it is another.

    Raises:
        ProjectError: If MLflow or its artifact store cannot be reached, or rejects a request.
    """
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    import mlflow
    from mlflow.exceptions import MlflowException

    for name in ("alembic", "mlflow"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # To look up a logged model, a client uses these instead of its own URIs.
    mlflow.set_tracking_uri(_absolute(uri))
    mlflow.set_registry_uri(_absolute(registry or uri))
    try:
        yield mlflow.MlflowClient()
    except (MlflowException, OSError) as error:  # OSError of files, also over HTTP
        text = error.message if isinstance(error, MlflowException) else str(error)
        raise ProjectError(f"MLflow at {without_user(registry or uri)}: {text}") from error


def _absolute(uri: str) -> str:
    """Return a URI that does not depend on the working directory: MLflow caches connections."""
    scheme, _, path = uri.partition(":///")
    return f"{scheme}:///{Path(path).resolve()}" if scheme == "sqlite" else uri


def experiment_of(client: "MlflowClient", name: str, artifact_location: Path | None) -> str:
    """Return the id of an experiment, which is created if it does not exist.

    Args:
        client: The client.
        name: The name of the experiment.
        artifact_location: The artifact location of a new experiment; `None` leaves it to the
            server, or is `mlartifacts` for an embedded database.
    """
    if found := client.get_experiment_by_name(name):
        return str(found.experiment_id)
    if artifact_location is None and str(client.tracking_uri).startswith(EMBEDDED):
        artifact_location = ARTIFACTS
    url = url_of(artifact_location) if artifact_location else None
    return str(client.create_experiment(name, artifact_location=url))
