"""Records: what is known of a finished run."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .provenance import Code, Environment


class Input(BaseModel):
    """Data that a run read.

    Attributes:
        name: Where it lay.
        rows: How many rows were read.
        fingerprint: What changes when the data does, as the SHA-256 of a file; none if that cannot
            be told.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    rows: int
    fingerprint: str | None


class Record(BaseModel):
    """What is known of a finished run; the file `run.json` in its folder.

    Attributes:
        run: Its name, which sorts by time.
        job: The kind of job.
        project: The project it belongs to.
        started: When it began, in UTC.
        finished: When it ended, in UTC.
        seconds: How long it took.
        configuration: What it was told, as stated: values of the environment are not resolved.
        metrics: What was measured; null where the value is undefined.
        failures: In what it was not good enough.
        data: What it read.
        models: The saved models that it used, by what for.
        artifacts: Where what it made lies, by name.
        code: The version of the project.
        environment: What it ran on.
    """

    model_config = ConfigDict(frozen=True)

    run: str
    job: str
    project: str
    started: datetime
    finished: datetime
    seconds: float
    configuration: dict[str, Any]
    metrics: dict[str, float | None]
    failures: tuple[str, ...] = ()
    data: tuple[Input, ...]
    models: dict[str, str] = Field(default_factory=dict)
    artifacts: dict[str, str]
    code: Code
    environment: Environment
