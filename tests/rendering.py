"""Renders projects from the working tree, and runs commands in them."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any
from unittest.mock import patch

import copier
import yaml
from copier._main import Worker

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
LIMIT = 900  # the time limit of a command, in seconds


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
    """Render a project with Copier, in half the time.

    libyaml parses YAML, and Copier does not run git for each file outside a repository.
    """
    with (
        patch.object(yaml, "SafeLoader", yaml.CSafeLoader),
        patch.object(Worker, "_sync_git_index_executable_bit"),
    ):
        named = {"project_name": "ml-project", **answers}
        copier.run_copy(str(template), folder, data=named, defaults=True, quiet=True)
    return folder


def files(project: Path) -> dict[str, bytes]:
    """Return the content of every file of a project, by path."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and ".git/" not in path.as_posix() + "/"
    }


def text(content: bytes) -> str | None:
    """Return the content of a file as text; none if it is binary."""
    return None if b"\0" in content else content.decode("utf-8")


def run(*words: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a command; if it fails or exceeds the time limit, fail with its output."""
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
