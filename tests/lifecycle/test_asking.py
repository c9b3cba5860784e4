"""A change of a project in a real terminal: previewed, confirmed, and only then written."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pexpect
import pytest
from lifecycle.repositories import Repository
from rendering import files, run

from overture.cli import main

pytestmark = pytest.mark.generic

Terminal: TypeAlias = "pexpect.spawn[str]"
Start = Callable[..., Terminal]
DATA = ("tasks=regression", "models=linear,trees", "datasets=parquet", "jobs=training")
TREES = "src/small/models/trees.py"


@pytest.fixture
def project(versions: Repository, tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    data = [f"--data={pair}" for pair in ("project_name=small", *DATA, "trackers=", "extras=")]
    words = ["--template", str(versions.path), "--ref", "0.1.0", "--yes", *data]
    assert main(["new", str(folder), "--no-lock", *words]) == 0
    with (folder / TREES).open("a") as file:
        file.write("MINE = 1\n")
    run("git", "commit", "--quiet", "--all", "-m", "Edit", cwd=folder)
    return folder


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    """A function that starts the command in a pseudo-terminal, in the project."""
    started: list[Terminal] = []

    def begin(*words: str) -> Terminal:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "overture", *words],
            cwd=project,
            encoding="utf-8",
            dimensions=(60, 160),
            timeout=30,
        )
        started.append(child)
        return child

    yield begin
    for child in started:
        child.close(force=True)


def asked(terminal: Terminal, question: str) -> None:
    """Wait for a question."""
    terminal.expect_exact("\x1b[6n")
    terminal.send("\x1b[1;1R")  # the position of the cursor, which a terminal reports on request
    terminal.expect(r"\?\x1b\[[0-9;]*m ([^\r\n\x1b]+)")
    assert isinstance(terminal.match, re.Match)
    assert question in terminal.match[1]


def ended(terminal: Terminal) -> str:
    """Return the remaining output, without colors."""
    terminal.expect(pexpect.EOF)
    terminal.close()
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.before or "")


def test_a_change_is_shown_and_confirmed(project: Path, start: Start) -> None:
    before = files(project)
    terminal = start("add", "csv")
    terminal.expect_exact("datasets  parquet → parquet, csv")
    terminal.expect("\x1b\\[[0-9;]*m\\+")  # an added line, in color
    asked(terminal, "Write this change?")
    assert files(project) == before
    terminal.send("n")
    assert "Nothing was written." in ended(terminal)
    assert files(project) == before
    terminal = start("add", "csv")
    asked(terminal, "Write this change?")
    terminal.send("y")
    assert "files of small changed" in ended(terminal)
    assert (project / "src/small/datasets/csv.py").exists()


def test_a_required_component_is_suggested(project: Path, start: Start) -> None:
    terminal = start("add", "deep")
    terminal.expect_exact("deep needs nets: It stands on it.")
    asked(terminal, "Also add nets?")
    terminal.send("y")
    asked(terminal, "Write this change?")
    terminal.send("y")
    ended(terminal)
    assert terminal.exitstatus == 0
    assert (project / "src/small/models/nets.py").exists()


@pytest.mark.parametrize(("keys", "kept"), [("\r", True), ("\x1b[B\r", False)])
def test_asks_what_to_do_with_edits(project: Path, start: Start, keys: str, *, kept: bool) -> None:
    terminal = start("remove", "trees")
    terminal.expect_exact("+MINE = 1")
    asked(terminal, f"You edited {TREES}")
    terminal.send(keys)
    asked(terminal, "Write this change?")
    terminal.send("y")
    ended(terminal)
    assert terminal.exitstatus == 0
    assert (project / TREES).exists() == kept


def test_an_interrupted_prompt_writes_nothing(project: Path, start: Start) -> None:
    before = files(project)
    terminal = start("update")
    terminal.expect_exact("0.2.0")
    asked(terminal, "Write this change?")
    terminal.sendintr()
    assert "Traceback" not in ended(terminal)
    assert terminal.exitstatus == 130
    assert files(project) == before
