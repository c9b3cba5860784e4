"""Weights & Biases: runs and models on its server, or kept aside until they are sent."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from ..errors import ProjectError
from ..location import LocalLocation
from ..models.artifact import fingerprint
from ..runs.records import StartedRun
from ..runs.run import FinishedRun
from ..secrets import states_secret
from .base import Recording, Tracker

if TYPE_CHECKING:
    import wandb

MODEL = "model"
FINGERPRINT = "fingerprint"


class WandbTracker(Tracker):
    """Runs of Weights & Biases.

    A run's configuration also holds `inputs`, the data that it read, and `models`, those that it
    used. Its files are an artifact of type `run`, and the model that it made is a version of an
    artifact of type `model`.

    Attributes:
        kind: `wandb`.
        mode: `offline` keeps runs aside until `wandb sync` sends them; `online` sends them, with
            the key in WANDB_API_KEY.
        project: What the runs belong to.
        entity: Whose project that is; by default the key's.
        folder: Where the folder `wandb` is made, that keeps them.
    """

    kind: Literal["wandb"] = "wandb"
    mode: Literal["offline", "online"] = "offline"
    project: str
    entity: str | None = None
    folder: LocalLocation = Path()

    def check(self) -> None:
        """See `Tracker.check`: also of the environment variables, such as `WANDB_BASE_URL`."""
        with refusals():
            stated = settings(self.folder)
            stated.update_from_env_vars(dict(os.environ))
            stated.project = self.project
            if states_secret(stated.base_url):
                raise ProjectError(
                    "Weights & Biases: WANDB_BASE_URL contains a secret, which would be printed:"
                    " remove it, and set WANDB_API_KEY"
                )

    def start(self, run: StartedRun) -> Recording:
        """See `Tracker.start`."""
        with refusals():
            import wandb

            begun = wandb.init(
                entity=self.entity,
                project=self.project,
                name=f"{run.job}-{run.run_id}",
                job_type=run.job,
                mode=self.mode,
                config={**run.config, "commit": run.code.commit, "parent": run.parent},
                settings=settings(self.folder),
            )
        return WandbRecording(begun, f"{self.project}-{MODEL}", waits=self.mode == "online")


class WandbRecording(Recording):
    """A run of Weights & Biases."""

    def __init__(self, run: "wandb.Run", model: str, *, waits: bool) -> None:
        """State what is recorded, the name of its model, and whether a server is to confirm it."""
        self._run = run
        self._model = model
        self._waits = waits

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """See `Recording.log`; the client sends them by itself."""
        with refusals():
            self._run.log(dict(metrics), step=step)

    def finish(self, run: FinishedRun) -> str:
        """See `Recording.finish`; if online, it ends once the server holds all files."""
        record = run.record
        with refusals(), self._run as begun:
            config: Any = begun.config  # which states no types
            inputs = [each.model_dump() for each in record.inputs]
            config.update({"inputs": inputs, "models": record.models})
            known = {key: value for key, value in record.metrics.items() if value is not None}
            begun.summary.update(known)
            logged = [begun.log_artifact(_files(run))]
            if (run.folder / MODEL).is_dir():
                model = model_of(run.folder / MODEL, self._model)
                logged.append(begun.log_artifact(model))
            place = begun.url or Path(begun.dir).parent
            for each in logged if self._waits else ():
                arrived(each)
        return f"Weights & Biases, {place}"

    def fail(self) -> None:
        """See `Recording.fail`."""
        with refusals():
            self._run.finish(exit_code=1)


def _files(run: FinishedRun) -> "wandb.Artifact":
    """Return the files of a run, but not its model."""
    import wandb

    files = wandb.Artifact(f"{run.record.job}-{run.record.run_id}", type="run")
    for path in sorted(run.folder.iterdir()):
        if path.is_dir() and path.name != MODEL:
            files.add_dir(str(path), path.name)
        elif path.is_file():
            files.add_file(str(path))
    return files


@contextmanager
def refusals() -> Iterator[None]:
    """Let what the client of Weights & Biases raises be an error of the project.

    Raises:
        ProjectError: If the server cannot be reached or refuses, or a setting is invalid.
    """
    os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
    import wandb
    from wandb.sdk.lib.service.service_connection import WandbApiFailedError

    try:
        yield
    except (wandb.errors.Error, WandbApiFailedError) as error:
        raise ProjectError(f"Weights & Biases: {error}") from error
    except ValidationError as error:  # of its settings, which environment variables state
        first = error.errors()[0]
        variable = "WANDB_" + "_".join(map(str, first["loc"])).upper()
        raise ProjectError(f"Weights & Biases: {variable}: {first['msg']}") from error


def settings(folder: Path) -> "wandb.Settings":
    """Return how the client keeps a run in a folder: quietly, and nothing but what it is given."""
    import wandb

    return wandb.Settings(
        root_dir=str(folder),
        console="off",
        silent=True,
        disable_git=True,
        disable_code=True,
        x_disable_stats=True,
        x_disable_meta=True,
        reinit="create_new",
    )


def model_of(folder: Path, name: str) -> "wandb.Artifact":
    """Return a saved model as a version of an artifact, with its fingerprint."""
    import wandb

    model = wandb.Artifact(name, type=MODEL, metadata={FINGERPRINT: fingerprint(folder)})
    model.add_dir(str(folder))
    return model


def arrived(artifact: "wandb.Artifact") -> "wandb.Artifact":
    """Return an artifact of a run that has ended, as the server holds it."""
    import wandb

    try:
        return artifact.wait()
    except ValueError as error:
        raise wandb.errors.CommError(str(error)) from error
