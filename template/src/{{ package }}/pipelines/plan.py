"""Plans: validation of the steps of a pipeline before any is run."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from .. import PROJECT
from ..config.load import Configuration, Values
from ..config.statement import is_setting, read
from ..config.validate import foresee
from ..errors import ProjectError
from ..jobs.base import BatchJob, Job
from ..runs.provenance import environment
from ..schemas import SCHEMAS
from .steps import REFERENCE, change, check, fill, of_step

OPEN = "???"
UNKNOWN = "what a step will record"  # the placeholder of a value that is not known yet
SETTINGS = "its settings"
NO_RUN = "its job makes no run for other steps to use: run it by itself, outside a pipeline"


def plan(steps: Mapping[str, Sequence[str]], settings: Sequence[str]) -> str:
    """Validate the steps, and return the fingerprint of the plan.

    It changes with the steps, the data contracts and the versions of the libraries.

    Args:
        steps: The arguments of each step, by its name, in order.
        settings: Settings of every step, which override its own.

    Raises:
        ProjectError: If a step is invalid, whatever earlier steps record.
    """
    makes: dict[str, tuple[str, ...] | None] = {}
    planned = []
    for name, words in steps.items():
        try:
            configuration, job = _foreseen((*words, *settings), makes)
        except ProjectError as error:
            raise of_step(name, error) from error
        if job is not None and not isinstance(job, BatchJob):
            raise of_step(name, ProjectError(NO_RUN))
        makes[name] = None if job is None else job.makes
        planned.append([name, words, configuration.values])
    contracts = [schema.model_dump_json() for schema in SCHEMAS.values()]
    known = [planned, contracts, environment(PROJECT).packages]
    return sha256(json.dumps(known, default=str).encode()).hexdigest()[:16]


def _foreseen(
    words: Sequence[str], makes: Mapping[str, tuple[str, ...] | None]
) -> tuple[Configuration, Job | None]:
    """Return the known configuration of a step before any is run, and its job if it is complete.

    Args:
        words: Its files and settings. A file that an earlier step will write is skipped, and keys
            that are missing without it are not an error.
        makes: The artifacts of the steps before it.
    """

    def seek(path: str) -> str:
        check(path, makes)
        return UNKNOWN

    def new(text: str) -> Any:
        return UNKNOWN if hidden and text == OPEN else fill(text, seek)

    def may_come_right(problem: Mapping[str, Any]) -> bool:
        given = problem["input"]
        lacks = problem["type"] in {"missing", "union_tag_not_found"}
        return (hidden and lacks) or (isinstance(given, str) and UNKNOWN in given)

    later = [word for word in words if not is_setting(word) and REFERENCE.search(word)]
    for word in later:
        fill(word, seek)
    hidden = bool(later)

    def settle(stated: Values) -> Values:
        return dict(change(stated, new))

    configuration = read([word for word in words if word not in later], settle, SETTINGS)
    return configuration, foresee(configuration, may_come_right)
