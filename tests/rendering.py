"""Projects rendered from the working tree, for tests to look at and to run."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import copier
import yaml

ROOT = Path(__file__).parents[1]
TEMPLATE = (
    "copier.yml",
    "migrations.yml",
    "CHANGELOG.md",
    "components",
    "interview",
    "presets",
    "template",
)

Answers = Mapping[str, Any]


@cache
def catalogue() -> tuple[dict[str, Any], ...]:
    """Return every entry of the catalogue, as plain data, in a stable order."""
    files = sorted((ROOT / "components").glob("*/*.yml"))
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)


def ids(family: str) -> list[str]:
    """Return the ids of a family, in the order they are shown."""
    members = [entry for entry in catalogue() if entry["family"] == family]
    return [
        entry["id"] for entry in sorted(members, key=lambda entry: (entry["rank"], entry["id"]))
    ]


def families() -> list[str]:
    """Return every family that has a component."""
    return sorted({entry["family"] for entry in catalogue()})


def everything() -> dict[str, Any]:
    """Return a selection of every component there is."""
    chosen: dict[str, Any] = {family: ids(family) for family in families()}
    return chosen | {"ci": ids("ci")[0]}


def light() -> dict[str, Any]:
    """Return a selection of every component but the model frameworks beside the first."""
    return everything() | {"models": ids("models")[:1]}


def is_light(answers: Answers) -> bool:
    """Tell whether answers need no other framework than the first."""
    return list(answers.get("models", ids("models")[:1])) == ids("models")[:1]


def least() -> dict[str, Any]:
    """Return the smallest selection: the first of each family that needs one."""
    chosen: dict[str, Any] = {family: [] for family in families()}
    required = {family: ids(family)[:1] for family in ("tasks", "models", "datasets", "jobs")}
    return chosen | required | {"ci": "none"}


def selected(answers: Answers) -> list[dict[str, Any]]:
    """Return the entries that answers choose."""
    chosen = set(
        chain.from_iterable(
            [value] if isinstance(value, str) else value
            for key, value in answers.items()
            if key in families()
        )
    )
    return [entry for entry in catalogue() if entry["id"] in chosen]


def alone() -> dict[str, dict[str, Any]]:
    """Return, for each component, the smallest selection that holds it and what it needs."""
    found = {}
    for entry in catalogue():
        value = entry["id"] if entry["family"] == "ci" else [*needed(entry), entry["id"]]
        found[entry["id"]] = least() | {entry["family"]: value}
    return found


def needed(entry: Mapping[str, Any]) -> list[str]:
    """Return the components that an entry requires, which are of its own family so far."""
    return [need["component"] for need in entry.get("requires", [])]


def absent() -> dict[str, dict[str, Any]]:
    """Return, for each component that can be left out, every other component."""
    found = {}
    for entry in catalogue():
        family = entry["family"]
        without = {each["id"] for each in catalogue() if entry["id"] in needed(each)}
        others = [id_ for id_ in ids(family) if id_ not in without | {entry["id"]}]
        if family == "ci":
            found[entry["id"]] = everything() | {"ci": others[0] if others else "none"}
        elif others or family not in {"tasks", "models", "datasets", "jobs"}:
            found[entry["id"]] = everything() | {family: others}
    return found


def copy_template(folder: Path) -> Path:
    """Copy the template part of the working tree, without its history."""
    for name in TEMPLATE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


def render(template: Path, answers: Answers, folder: Path) -> Path:
    """Render a project by Copier itself."""
    copier.run_copy(str(template), folder, data=dict(answers), defaults=True, quiet=True)
    return folder


def files(project: Path) -> dict[str, bytes]:
    """Return the content of every file of a project, by path."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and ".git/" not in path.as_posix() + "/"
    }


def run(*words: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a command, and fail with all that it printed unless it succeeds."""
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, f"{json.dumps([str(word) for word in words])}\n{printed}"
    return printed
