"""References between the steps of a pipeline, and the state of one that has not finished."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from ..concealing import refer, resolve
from ..datasets.base import Dataset
from ..errors import ArtifactError, ProjectError, nearest
from ..files import new_file
from ..location import location
from ..runs.records import RunRecord
from ..runs.run import FinishedRun

REFERENCE = re.compile(r"\$\{steps\.([^${}]+)\}")
# The values of a step that others can reference.
ONE, MANY = ("folder", "run_id"), ("artifacts", "metrics")


def change(stated: Any, new: Callable[[str], Any]) -> Any:
    """Return nested values with each string replaced."""
    if isinstance(stated, dict):
        return {key: change(value, new) for key, value in stated.items()}
    if isinstance(stated, list):
        return [change(value, new) for value in stated]
    return new(stated) if isinstance(stated, str) else stated


def fill(text: str, look: Callable[[str], Any]) -> Any:
    """Return a string with each `${steps.…}` replaced by its value.

    Args:
        text: A string of a configuration.
        look: Returns the value for the path after `steps.`; it is interpolated unless the
            reference is the whole string.
    """
    if whole := REFERENCE.fullmatch(text):
        return look(whole[1])
    return REFERENCE.sub(lambda found: str(look(found[1])), text)


def check(path: str, makes: Mapping[str, tuple[str, ...] | None]) -> None:
    """Reject a reference to something that no earlier step can have recorded.

    Args:
        path: The path after `steps.`, such as `training.artifacts.model`.
        makes: The artifacts of each earlier step; none if they are not known.

    Raises:
        ProjectError: If there is no such step, or it records nothing of the kind.
    """
    step, _, rest = path.partition(".")
    part, _, name = rest.partition(".")
    problem = ""
    if step not in makes:
        problem = f"no step before this one has that name; {nearest(step, makes)}"
    elif part not in (MANY if name else ONE):
        problem = "a step gives its folder, run_id, artifacts.NAME or metrics.NAME"
    elif part == "artifacts" and (known := makes[step]) is not None and name not in known:
        problem = f"'{step}' makes no such artifact; {nearest(name, known)}"
    if problem:
        raise ProjectError(f"${{steps.{path}}}: {problem}")


def look(path: str, finished: Mapping[str, FinishedRun]) -> Any:
    """Return the value that a finished step recorded.

    Raises:
        ProjectError: If there is no such step, or it recorded no such thing.
    """
    check(path, dict.fromkeys(finished))
    step, part, *names = path.split(".", 2)
    record, name = finished[step].record, "".join(names)
    if part == "folder":
        return refer(str(finished[step].folder))
    if part == "run_id":
        return record.run_id
    found: Mapping[str, Any] = record.artifacts if part == "artifacts" else record.metrics
    if name not in found:
        message = f"'{step}' recorded no such thing; {nearest(name, found)}"
        raise ProjectError(f"${{steps.{path}}}: {message}")
    return found[name]


def of_step(name: str, error: ProjectError, remedy: str = "") -> ProjectError:
    """Return an error that names the step in each line, and a remedy."""
    lines = [f"step '{name}': {line}" for line in str(error).splitlines()]
    return ProjectError("\n".join([*lines, remedy] if remedy else lines))


class Kept:
    """The steps that succeeded of a pipeline that has not finished yet; a file."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file, which need not exist."""
        self._path = path
        self._folders: dict[str, str] = {}
        try:
            self._folders = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return

    def find(self, step: str, datasets: Collection[Dataset]) -> FinishedRun | None:
        """Return the run of a step, unless its results are gone, or its data has changed since.

        Args:
            step: The name of the step.
            datasets: The datasets that it reads and writes.
        """
        if step not in self._folders:
            return None
        folder = location(resolve(self._folders[step]))
        try:
            record = RunRecord.load(folder)
        except ArtifactError:
            return None
        made = set(record.artifacts.values())
        there = [each.exists() for each in datasets if refer(each.location) in made]
        within = f"{refer(str(folder))}/"
        there += [location(resolve(each)).exists() for each in made if each.startswith(within)]
        if not all(there):
            return None
        locations = {source.location for source in record.inputs}
        known = {refer(each.location): each for each in datasets}
        now = {
            (place, each.fingerprint() if each.exists() else None)
            for place, each in known.items()
            if place in locations
        }
        then = {(source.location, source.fingerprint) for source in record.inputs}
        return FinishedRun(folder, record) if now <= then else None

    def keep(self, ended: Mapping[str, FinishedRun]) -> None:
        """Store the runs of these steps only."""
        self._folders = {step: refer(str(run.folder)) for step, run in ended.items()}
        with new_file(self._path) as aside:
            aside.write_text(json.dumps(self._folders), encoding="utf-8")

    def forget(self) -> None:
        """Delete the file."""
        self._path.unlink(missing_ok=True)
