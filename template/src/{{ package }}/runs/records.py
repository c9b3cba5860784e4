"""Records: what is known of a run, from its start and once it has finished."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..formats import Document
from .provenance import Code, Environment


class Input(BaseModel):
    """Data that a run read.

    Attributes:
        location: Where it was read from.
        rows: How many rows were read.
        fingerprint: What changes when the data does, as the SHA-256 of a file; none if that cannot
            be told.
    """

    model_config = ConfigDict(frozen=True)

    location: str
    rows: int
    fingerprint: str | None


class StartedRun(BaseModel):
    """What is known of a run from its start.

    Attributes:
        run_id: Its id, which sorts by time.
        parent: The id of the run that started it, such as that of a pipeline.
        job: The kind of job.
        project: The project it belongs to.
        start_time: When it began, in UTC.
        config: The configuration that ran, with every default. A value that was stated by a
            reference, such as `${oc.env:NAME}`, is that reference.
        code: The version of the project.
        environment: What it ran on.
    """

    model_config = ConfigDict(frozen=True)

    run_id: str
    parent: str | None = None
    job: str
    project: str
    start_time: datetime
    config: dict[str, Any]
    code: Code
    environment: Environment


class RunRecord(StartedRun, Document):
    """What is known of a finished run; the file `run.json` in its folder.

    Attributes:
        format: The number of its format.
        end_time: When it ended, in UTC.
        seconds: How long it took.
        metrics: What was measured; null where the value is undefined.
        failures: Requirements that it did not meet.
        warnings: What may make its results wrong.
        inputs: The data that it read.
        models: The saved models that it used, by role.
        artifacts: Where its results are, by name.
    """

    FILE: ClassVar[str] = "run.json"

    format: Literal[1] = 1
    end_time: datetime
    seconds: float
    metrics: dict[str, float | None]
    failures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    inputs: tuple[Input, ...]
    models: dict[str, str] = Field(default_factory=dict)
    artifacts: dict[str, str]
