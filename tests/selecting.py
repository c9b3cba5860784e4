"""Selects tests: those of the components that a change touches, or those of a shard."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from rendering import ROOT
from selections import catalogue, families

TEMPLATE = ROOT / "template"
PROSE = re.compile(r"(?!template/|components/).*\.md")  # tests of prose always run


def landed(path: str) -> str:
    """Return the path of a template file in a project, with `*` for the package."""
    relative = path.removeprefix("template/").removesuffix(".jinja")
    return relative.replace("{{ package }}", "*").replace(
        "{{ _copier_conf.answers_file }}", ".copier-answers.yml"
    )


def owners(path: str) -> list[str]:
    """Return the components that own a file: by name, by a part that they use, or as listed."""
    return [entry["id"] for entry in catalogue() if belongs(path, entry)]


def belongs(path: str, entry: dict[str, Any]) -> bool:
    """Return whether a component owns a file."""
    parts = Path(path).parts
    folders = {*parts[2 if parts[0] == "src" else 1 : -1]}  # below the package
    name = parts[-1]
    named = name.startswith((f"{entry['id']}.", f"test_{entry['id']}.")) or entry["id"] in folders
    server = path.startswith(f"tests/contracts/{entry['id']}_")
    together = [file for files in entry.get("with", {}).values() for file in files]
    listed = [*entry.get("files", []), *together]
    return (
        named
        or server
        or any(fnmatch(path, each) or fnmatch(path, f"{each}/*") for each in listed)
        or any(is_of_part(path, part) for part in entry.get("uses", []))
    )


def is_of_part(path: str, part: str) -> bool:
    """Return whether a file belongs to a part of the template, such as `models/neural`."""
    folder, _, name = part.rpartition("/")
    above = f"{folder}/" if folder else ""
    own = (f"src/*/{part}.*", f"src/*/{part}/*", f"tests/{part}/*", f"confs/{part}/*")
    tests = (
        f"tests/{above}test_{name}.py",
        *(f"tests/contracts/{name}{end}" for end in (".py", "_*")),
    )
    return any(fnmatch(path, pattern) for pattern in (*own, *tests))


def touched(paths: list[str]) -> set[str] | None:
    """Return the components that own changed files; none if a file may affect all components."""
    found: set[str] = set()
    for path in paths:
        if PROSE.fullmatch(path):
            continue
        if not path.startswith(("template/", "components/", "docs/components/")):
            return None
        mine = owners(landed(path)) if path.startswith("template/") else [Path(path).stem]
        if not mine:
            return None
        found |= {*mine}
    return found


def changed() -> list[str]:
    """Return the files that differ from the branch main, committed or not."""
    lists = (("diff", "--name-only", "main"), ("ls-files", "--others", "--exclude-standard"))
    names = ""
    for words in lists:
        command = ["git", "-C", str(ROOT), "-c", "core.quotePath=false", *words]
        names += subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return names.splitlines()


def named(item: pytest.Item) -> set[str]:
    """Return the components and families that a test is parametrized by."""
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    values = {value for value in parameters.values() if isinstance(value, str)}
    ids = set(item.name.partition("[")[2].removesuffix("]").split("-"))
    known = {entry["id"] for entry in catalogue()} | {*families()}
    return (values | ids) & known


def of_change(items: list[pytest.Item], touched: set[str]) -> list[pytest.Item]:
    """Return the tests of touched components, and those that belong to no component."""
    own = {entry["family"] for entry in catalogue() if entry["id"] in touched}
    kept = [item for item in items if not (of := named(item)) or of & (touched | own)]
    return [item for item in kept if not (touched and item.get_closest_marker("generic"))]


def of_shard(items: list[pytest.Item], shard: str) -> list[pytest.Item]:
    """Return the tests of a shard such as `1/4`; the shard of a test depends on its name alone."""
    if not re.fullmatch(r"[1-9]\d*/[1-9]\d*", shard):
        raise pytest.UsageError(f"--shard: {shard!r} is not a shard such as 1/4")
    mine, count = map(int, shard.split("/"))
    return [item for item in items if crc32(item.nodeid.encode()) % count == mine - 1]
