"""The connection to MLflow that its tracker and its registry share."""

import fcntl
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator

from ..errors import ProjectError
from ..files import url_of
from ..secrets import states_secret, without_user

if TYPE_CHECKING:
    from mlflow import MlflowClient

DATABASE = re.compile(r"(sqlite|postgresql|mysql|mssql)(\+\w+)?:")
HEADER = b"SQLite format 3\0"
ARTIFACTS = "mlartifacts"  # of an embedded database

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

    refusals = (MlflowException, sqlalchemy().exc.SQLAlchemyError, ImportError, OSError)
    for name in ("alembic", "mlflow"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # To look up a logged model, a client uses these instead of its own URIs.
    mlflow.set_tracking_uri(_absolute(uri))
    mlflow.set_registry_uri(_absolute(registry or uri))
    try:
        with _first(uri):
            client = mlflow.MlflowClient()
        yield client
    except refusals as error:  # OSError also over HTTP
        text = error.message if isinstance(error, MlflowException) else str(error)
        reason = text.strip().partition("\n")[0]
        raise ProjectError(f"MLflow at {without_user(registry or uri)}: {reason}") from error


def check(uri: str) -> None:
    """Check an address without a connection, and without creating a database.

    Raises:
        ProjectError: If it is malformed, its driver is not installed, or its file is no database.
    """
    try:
        if re.match("https?:", uri):
            _check_server(uri)
        elif DATABASE.match(uri):
            _check_database(uri)
        else:
            with connected(uri):
                pass
    except ValueError as error:
        raise ProjectError(f"MLflow at {without_user(uri)}: {error}") from error


def sqlalchemy() -> Any:
    """Return the library by which MLflow connects to databases, and which it requires."""
    return import_module("sqlalchemy")


def _check_server(uri: str) -> None:
    """Check the address of a server.

    Raises:
        ValueError: If it is malformed.
    """
    parts = urlsplit(uri)
    if not parts.hostname or parts.port == 0:  # the port may raise, too
        raise ValueError("an address is http://HOST:PORT")


def _check_database(uri: str) -> None:
    """Check the address of a database.

    Raises:
        ValueError: If it is invalid.
    """
    try:
        sqlalchemy().make_url(uri).get_dialect().import_dbapi()
    except (sqlalchemy().exc.SQLAlchemyError, ImportError) as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    if (file := file_of(uri)) is None or not file.exists():
        return
    if not file.is_file():
        raise ValueError("it is not a file")
    with file.open("rb") as opened:
        if opened.read(len(HEADER)) not in {HEADER, b""}:
            raise ValueError("the file is not an SQLite database")


def _absolute(uri: str) -> str:
    """Return a URI that does not depend on the working directory: MLflow caches connections."""
    file = file_of(uri)
    return f"sqlite:///{file.resolve()}" if file else uri


def file_of(uri: str) -> Path | None:
    """Return the file of an embedded database."""
    scheme, _, path = uri.partition(":///")
    return Path(path.partition("?")[0]) if scheme == "sqlite" and path else None


@contextmanager
def _first(uri: str) -> Iterator[None]:
    """Hold a lock while MLflow connects to an embedded database.

    It creates the tables of a new one, and fails if another process does so at the same time.
    """
    file = file_of(uri)
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def experiment_of(client: "MlflowClient", name: str, artifact_location: Path | None) -> str:
    """Return the id of an experiment, which is created if it does not exist.

    Args:
        client: The client.
        name: The name of the experiment.
        artifact_location: The artifact location of a new experiment; `None` leaves it to the
            server, or is `mlartifacts` beside an embedded database.

    Raises:
        ProjectError: If the experiment exists, and stores its files elsewhere: MLflow records
            absolute paths, so a project that was moved would write to its previous place.
    """
    from mlflow.exceptions import MlflowException

    file = file_of(str(client.tracking_uri))
    place = artifact_location or (file.parent / ARTIFACTS if file else None)
    url = url_of(place) if place else None
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return str(client.create_experiment(name, artifact_location=url))
        except MlflowException:
            if not (found := client.get_experiment_by_name(name)):
                raise
    there = str(found.artifact_location).rstrip("/")
    stated = artifact_location or there.rpartition("/")[2] == ARTIFACTS
    if url and stated and url.rstrip("/") != there:
        raise ProjectError(
            f"the experiment '{name}' stores its files in {there}, and not in {url}, as if the"
            " project was moved or copied: set experiment_name to a new one, or artifact_location"
            " to that place"
        )
    return str(found.experiment_id)
