"""Projects rendered from the working tree, for tests to look at and to run."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from random import Random
from subprocess import PIPE, STDOUT
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

REQUIRED = ("tasks", "models", "datasets", "jobs")  # families of which something is chosen

Answers = Mapping[str, Any]
LIMIT = 900  # seconds that a command may take


@cache
def shown() -> tuple[dict[str, Any], ...]:
    """Return every entry of the catalogue, as plain data, in a stable order."""
    files = sorted((ROOT / "components").glob("*/*.yml"))
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)


def catalogue() -> tuple[dict[str, Any], ...]:
    """Return the entries that can be chosen."""
    return tuple(entry for entry in shown() if "withheld" not in entry)


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
    """Return a selection of every component that can stand beside the others."""
    return beside(entry["id"] for entry in catalogue())


def light() -> dict[str, Any]:
    """Return every component but the frameworks beside the first, as far as they stand together."""
    heavy = ids("models")[1:]
    return beside(entry["id"] for entry in catalogue() if entry["id"] not in heavy)


def beside(wanted: Iterable[str]) -> dict[str, Any]:
    """Return a selection of components, less those that cannot be in it for the sake of others."""
    chosen = set(wanted)
    chosen -= {
        entry["id"]
        for entry in catalogue()
        for conflict in entry.get("conflicts", [])
        if conflict["component"] in chosen
    }
    chosen -= set(unmet(chosen))
    left = {family: [id_ for id_ in ids(family) if id_ in chosen] for family in families()}
    return left | {"ci": (left["ci"] or ["none"])[0]}


def each_family() -> dict[str, Any]:
    """Return the first component of every family, with what it needs."""
    first = [ids(family)[0] for family in families()]
    return least() | together(*(entry for entry in catalogue() if entry["id"] in first))


def least() -> dict[str, Any]:
    """Return the smallest selection: the first of each family that needs one."""
    chosen: dict[str, Any] = {family: [] for family in families()}
    required = {family: ids(family)[:1] for family in REQUIRED}
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
    return {entry["id"]: least() | together(entry) for entry in catalogue()}


def together(*entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return components and what they need, by family."""
    wanted = {entry["id"] for entry in entries} | {
        id_ for entry in entries for id_ in needed(entry)
    }
    found: dict[str, Any] = {}
    for family in families():
        if chosen := [id_ for id_ in ids(family) if id_ in wanted]:
            found[family] = chosen[0] if family == "ci" else chosen
    return found


def meeting(need: Mapping[str, Any]) -> list[str]:
    """Return the components that meet a requirement, in the order they are shown."""
    members = sorted(catalogue(), key=lambda entry: (entry["rank"], entry["id"]))
    return [
        entry["id"]
        for entry in members
        if entry["id"] == need.get("component")
        or entry["family"] == need.get("family")
        or need.get("capability", "") in entry.get("provides", [])
    ]


def needed(entry: Mapping[str, Any]) -> list[str]:
    """Return the components that meet what an entry requires, the first where there is a choice."""
    by_id = {each["id"]: each for each in catalogue()}
    found: list[str] = []
    for need in entry.get("requires", []):
        first = meeting(need)[0]
        found += [*needed(by_id[first]), first]
    return list(dict.fromkeys(found))


def some(seed: int) -> dict[str, Any]:
    """Return a random selection that stands."""
    random = Random(seed)
    share = random.choice([0.2, 0.5, 0.8])
    chosen = beside(entry["id"] for entry in catalogue() if random.random() < share)
    for family in REQUIRED:
        chosen[family] = chosen[family] or ids(family)[:1]
    return chosen


def unmet(chosen: Collection[str]) -> list[str]:
    """Return those of some components that lack what they need, and those that need these."""
    left = set(chosen)
    gone: list[str] = []
    while True:
        lacking = [
            entry["id"]
            for entry in catalogue()
            if entry["id"] in left
            and not all(left & set(meeting(need)) for need in entry.get("requires", []))
        ]
        if not lacking:
            return gone
        gone += lacking
        left -= set(lacking)


def pairs(family: str) -> dict[str, dict[str, Any]]:
    """Return, for each two components of a family, the smallest selection that holds them."""
    entries = [entry for entry in catalogue() if entry["family"] == family]
    return {
        f"{one['id']} and {other['id']}": least() | together(one, other)
        for one, other in combinations(entries, 2)
    }


def absent() -> dict[str, dict[str, Any]]:
    """Return, for each component that can be left out, every other that can do without it."""
    found = {}
    for entry in catalogue():
        answers = beside(other["id"] for other in catalogue() if other != entry)
        if all(answers[family] for family in REQUIRED):
            found[entry["id"]] = answers
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


def text(content: bytes) -> str | None:
    """Return the content of a file as text; none if it is none, as tables are."""
    return None if b"\0" in content else content.decode("utf-8")


def run(*words: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a command, and fail with all that it printed unless it succeeds in time."""
    command = [str(word) for word in words]
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdout=PIPE, stderr=STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            printed = process.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            printed = f"{process.communicate()[0]}\nIt did not end within {LIMIT} seconds."
    assert process.returncode == 0, f"{json.dumps(command)}\n{printed}"
    return printed
