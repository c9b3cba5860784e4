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
        run_id: Its id, which sorts by time.
        job: The kind of job.
        project: The project it belongs to.
        start_time: When it began, in UTC.
        end_time: When it ended, in UTC.
        seconds: How long it took.
        config: What it was told, as stated: values of the environment are not resolved.
        metrics: What was measured; null where the value is undefined.
        failures: In what it was not good enough.
        inputs: What it read.
        models: The saved models that it used, by what for.
        artifacts: Where what it made lies, by name.
        code: The version of the project.
        environment: What it ran on.
    """

    model_config = ConfigDict(frozen=True)

    run_id: str
    job: str
    project: str
    start_time: datetime
    end_time: datetime
    seconds: float
    config: dict[str, Any]
    metrics: dict[str, float | None]
    failures: tuple[str, ...] = ()
    inputs: tuple[Input, ...]
    models: dict[str, str] = Field(default_factory=dict)
    artifacts: dict[str, str]
    code: Code
    environment: Environment
