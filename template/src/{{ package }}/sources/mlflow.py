"""Models in MLflow's registry."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..connections.mlflow import Uri, connected, experiment_of
from ..flavors.artifacts import FINGERPRINT, downloaded, log_model
from ..location import Location
from ..models.artifact import fingerprint
from .registry import Registry

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel


class MlflowSource(Registry):
    """A registered model of MLflow.

    Attributes:
        kind: `mlflow`.
        tracking_uri: Where runs are recorded: `sqlite:///FILE`, the URL of a server, or
            `databricks`.
        registry_uri: Where models are registered, if elsewhere, such as `databricks-uc`.
        artifact_location: Where files go in a new experiment; `null` leaves it to the server, and
            beside a file of SQLite means `mlartifacts`.
        experiment_name: The experiment of a model that no run has logged.
    """

    kind: Literal["mlflow"] = "mlflow"
    tracking_uri: Uri = "sqlite:///mlflow.db"
    registry_uri: Uri | None = None
    artifact_location: Location | None = None
    experiment_name: str

    @contextmanager
    def opened(self, version: str) -> Iterator[Path]:
        """See `Source.opened`."""
        with self._connected() as client:
            url = self._url(client, version)
        with downloaded(url, self._download) as folder:
            yield folder

    def _download(self, url: str, parent: str) -> str:
        """Download the artifacts at a URL into a folder, and return where they are."""
        with self._connected():
            from mlflow.artifacts import download_artifacts

            return download_artifacts(
                artifact_uri=url,
                dst_path=parent,
                tracking_uri=self.tracking_uri,
                registry_uri=self.registry_uri or self.tracking_uri,
            )

    def bearer(self) -> str | None:
        """See `Registry.bearer`."""
        with self._connected() as client:
            found = next(iter(client.search_registered_models(f"name = '{self.name}'")), None)
            bearer = found.aliases.get(self.alias) if found else None
            return None if bearer is None else str(bearer)

    def register(self, folder: Path) -> str:
        """See `Registry.register`; the version refers to the run that logged the same model."""
        mark = fingerprint(folder)
        with self._connected() as client:
            if not client.search_registered_models(f"name = '{self.name}'"):
                client.create_registered_model(self.name)
            for version in client.search_model_versions(f"name = '{self.name}'"):
                if version.tags.get(FINGERPRINT) == mark:
                    return str(version.version)
            experiment = experiment_of(client, self.experiment_name, self.artifact_location)
            logged = _logged(client, experiment, mark)
            model = logged.model_id if logged else log_model(client, experiment, folder, None)
            version = client.create_model_version(
                self.name,
                f"models:/{model}",
                logged.source_run_id if logged else None,
                {FINGERPRINT: mark},
                model_id=model,
            )
            return str(version.version)

    def assign(self, version: str, before: str | None) -> None:
        """See `Registry.assign`."""
        with self._connected() as client:
            client.set_model_version_tag(self.name, version, self._before, before or "")
            client.set_registered_model_alias(self.name, self.alias, version)

    def before(self, version: str) -> str | None:
        """See `Registry.before`."""
        with self._connected() as client:
            return client.get_model_version(self.name, version).tags.get(self._before) or None

    def _connected(self) -> AbstractContextManager["MlflowClient"]:
        return connected(self.tracking_uri, self.registry_uri)

    def _url(self, client: "MlflowClient", version: str) -> str:
        """Return the URL of the files of a version."""
        if (self.registry_uri or self.tracking_uri).startswith("databricks"):
            return f"models:/{self.name}/{version}"
        return str(client.get_model_version_download_uri(self.name, version))

    @property
    def _before(self) -> str:
        """The tag that records the previous version of the alias."""
        return f"before_{self.alias}"


def _logged(client: "MlflowClient", experiment: str, mark: str) -> "LoggedModel | None":
    """Return a complete logged model with a fingerprint, if any."""
    from mlflow.entities import LoggedModelStatus

    found = client.search_logged_models([experiment], f"tags.{FINGERPRINT} = '{mark}'")
    return next((each for each in found if each.status == LoggedModelStatus.READY), None)
