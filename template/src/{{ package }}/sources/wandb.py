"""Models in the artifacts of Weights & Biases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import Field

from ..errors import ProjectError
from ..models.artifact import fingerprint
from ..trackers.wandb import FINGERPRINT, MODEL, arrived, model_of, refusals, settings
from .registry import Registry

if TYPE_CHECKING:
    import wandb

T = TypeVar("T")


class WandbSource(Registry):
    """Versions of an artifact of Weights & Biases, on the server in WANDB_BASE_URL or the vendor's.

    An online run of a `wandb` tracker logs its model as a version of `<project>-model`; under that
    name it is registered already.

    Attributes:
        kind: `wandb`.
        project: The project of the artifact.
        entity: The owner of the project; by default, of the API key.
        name: The name of the artifact.
    """

    kind: Literal["wandb"] = "wandb"
    project: str
    entity: str | None = None
    name: str = Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=128)

    @contextmanager
    def opened(self, version: str) -> Iterator[Path]:
        """See `Source.opened`."""
        with TemporaryDirectory() as aside:
            with connected() as client:
                artifact = client.artifact(f"{self._path}:{version}")
                try:
                    artifact.download(aside, skip_cache=True)
                except OSError as error:  # from the storage, which is separate from the server
                    raise ProjectError(f"Weights & Biases: {error}") from error
            yield Path(aside)

    def bearer(self) -> str | None:
        """See `Registry.bearer`."""
        with connected() as client:
            bearer = found(lambda: client.artifact(f"{self._path}:{self.alias}"))
            return str(bearer.version) if bearer else None

    def register(self, folder: Path) -> str:
        """See `Registry.register`."""
        mark = fingerprint(folder)
        with connected() as client:
            if found(lambda: client.artifact_collection(MODEL, self._path)):
                for version in client.artifacts(MODEL, self._path):
                    if version.metadata.get(FINGERPRINT) == mark:
                        return str(version.version)
            return self._upload(folder)

    def assign(self, version: str, before: str | None) -> None:
        """See `Registry.assign`; the server removes the alias from its previous version."""
        with connected() as client:
            artifact = client.artifact(f"{self._path}:{version}")
            artifact.metadata[self._before] = before
            artifact.save()
            artifact.aliases = [*artifact.aliases, self.alias]
            artifact.save()

    def before(self, version: str) -> str | None:
        """See `Registry.before`."""
        with connected() as client:
            before = client.artifact(f"{self._path}:{version}").metadata.get(self._before)
            return None if before is None else str(before)

    def _upload(self, folder: Path) -> str:
        """Log a saved model in a separate run, and return its version."""
        import wandb

        with TemporaryDirectory(ignore_cleanup_errors=True) as aside:
            with wandb.init(
                entity=self.entity,
                project=self.project,
                job_type="registration",
                mode="online",
                settings=settings(Path(aside)),
            ) as run:
                logged = run.log_artifact(model_of(folder, self.name))
            return str(arrived(logged).version)

    @property
    def _path(self) -> str:
        """The path of the artifact, in the client's form."""
        return "/".join(part for part in (self.entity, self.project, self.name) if part)

    @property
    def _before(self) -> str:
        """The metadata key that records the previous version of the alias."""
        return f"before_{self.alias}"


@contextmanager
def connected() -> Iterator["wandb.Api"]:
    """Yield a client of the server.

    Raises:
        ProjectError: If the server cannot be reached or rejects a request, or the mode is offline.
    """
    with refusals():
        import wandb

        mode = wandb.setup(wandb.Settings(silent=True)).settings.mode
        if mode not in {"online", "shared"}:
            raise ProjectError(
                "Weights & Biases: the registry needs a server, but the client's mode is"
                f" '{mode}': set WANDB_MODE to 'online'"
            )
        yield wandb.Api()


def found(look: Callable[[], T]) -> T | None:
    """Return an artifact or collection, if the server has it."""
    from wandb.errors import CommError

    try:
        return look()
    except CommError as error:
        if type(error.exc) is ValueError:  # the server responded that it does not exist
            return None
        raise
