"""Models among the artifacts of Weights & Biases."""

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

    A run of a `wandb` tracker that is online logs its model as a version of `<project>-model`; by
    that name it is registered already.

    Attributes:
        kind: `wandb`.
        project: What the artifact belongs to.
        entity: Whose project that is; by default the key's.
        name: What the artifact is called.
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
                except OSError as error:  # of the storage, which is apart from the server
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
        """See `Registry.assign`; the server takes the alias from the version that bore it."""
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
        """Log a saved model by a run of its own, and return its version."""
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
        """The artifact's path, as the client takes it."""
        return "/".join(part for part in (self.entity, self.project, self.name) if part)

    @property
    def _before(self) -> str:
        """The key of the metadata that says which version bore the alias before."""
        return f"before_{self.alias}"


@contextmanager
def connected() -> Iterator["wandb.Api"]:
    """Give a client of the server.

    Raises:
        ProjectError: If the server cannot be reached, or refuses, or is not to be asked.
    """
    with refusals():
        import wandb

        mode = wandb.setup(wandb.Settings(silent=True)).settings.mode
        if mode not in {"online", "shared"}:
            raise ProjectError(
                "Weights & Biases: its registry is on a server, and the client's mode is"
                f" '{mode}': set WANDB_MODE to 'online'"
            )
        yield wandb.Api()


def found(look: Callable[[], T]) -> T | None:
    """Return what the server holds, if it holds it."""
    from wandb.errors import CommError

    try:
        return look()
    except CommError as error:
        if type(error.exc) is ValueError:  # an answer, in which it is not
            return None
        raise
