"""The interview in a real terminal."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pexpect
import pytest
import yaml
from generator.conftest import Template

pytestmark = pytest.mark.generic

Terminal: TypeAlias = "pexpect.spawn[str]"

DOWN = "\x1b[B"
UP = "\x1b[A"
BACK = "\x02"
ENTER = "\r"


@pytest.fixture
def terminal(ruled: Template, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The command in a pseudo-terminal, with components that have every kind of rule."""
    words = ["-m", "overture", "new", "demo", "--template", str(ruled.root), "--no-git"]
    words += ["--no-lock", *getattr(request, "param", [])]
    child = pexpect.spawn(
        sys.executable, words, cwd=tmp_path, encoding="utf-8", dimensions=(60, 200), timeout=15
    )
    yield child
    child.close(force=True)


def reach(terminal: Terminal, question: str) -> None:
    """Accept the defaults of all questions before the given one."""
    while True:
        terminal.expect_exact("\x1b[6n")
        terminal.send(
            "\x1b[1;1R"
        )  # the position of the cursor, which a terminal reports on request
        terminal.expect(r"\?\x1b\[[0-9;]*m ([^\r\n\x1b]+)")
        assert isinstance(terminal.match, re.Match)
        if question in terminal.match[1]:
            return
        terminal.send(ENTER)


def finish(terminal: Terminal) -> None:
    terminal.expect(pexpect.EOF)
    terminal.close()


def test_leads_from_questions_to_a_project(terminal: Terminal, tmp_path: Path) -> None:
    reach(terminal, "Datasets")
    terminal.send(DOWN + " " + ENTER)  # CSV in addition to Parquet
    reach(terminal, "CI")
    terminal.send(DOWN + ENTER)  # GitLab instead of GitHub
    reach(terminal, "Extras")
    terminal.send(ENTER)
    terminal.expect_exact("Dependencies")
    terminal.expect_exact("Answers")
    reach(terminal, "Write this project?")
    assert not list(tmp_path.iterdir())
    terminal.send(ENTER)
    terminal.expect_exact("demo is ready")
    finish(terminal)
    assert terminal.exitstatus == 0
    recorded = yaml.safe_load((tmp_path / "demo/.copier-answers.yml").read_text())
    assert recorded["project_name"] == "demo"
    assert recorded["datasets"] == ["parquet", "csv"]
    assert recorded["ci"] == "gitlab"


def test_goes_back_and_keeps_the_other_answers(terminal: Terminal) -> None:
    reach(terminal, "Models")
    terminal.send(BACK)
    reach(terminal, "Tasks")
    terminal.send(BACK)
    reach(terminal, "Minimum Python")
    terminal.send(DOWN + ENTER)
    reach(terminal, "Tasks")
    terminal.send(ENTER)
    reach(terminal, "Models")


def test_shows_the_files_and_changes_an_answer(terminal: Terminal, tmp_path: Path) -> None:
    reach(terminal, "Write this project?")
    terminal.send(DOWN + ENTER)
    terminal.expect_exact("pyproject.toml")
    reach(terminal, "Write this project?")
    terminal.send(DOWN + DOWN + ENTER)
    reach(terminal, "Which one?")
    terminal.send(DOWN + DOWN + ENTER)
    reach(terminal, "One-line description")
    terminal.send("\x15Bikes." + ENTER)
    reach(terminal, "Write this project?")
    terminal.send(ENTER)
    finish(terminal)
    recorded = yaml.safe_load((tmp_path / "demo/.copier-answers.yml").read_text())
    assert recorded["description"] == "Bikes."


def test_names_the_command_to_go_on_after_an_interruption(terminal: Terminal) -> None:
    reach(terminal, "Minimum Python")
    terminal.send(DOWN + ENTER)
    reach(terminal, "Models")
    terminal.sendintr()
    terminal.expect_exact("overture new demo --data")
    terminal.expect_exact("python_version=3.12")


def test_shows_why_a_choice_is_disabled(terminal: Terminal) -> None:
    reach(terminal, "Storages")
    terminal.send(ENTER)
    terminal.expect_exact("Spark reads its tables.")


def test_shows_immediately_why_an_answer_is_invalid(terminal: Terminal) -> None:
    reach(terminal, "Tasks")
    terminal.send(" ")
    terminal.expect_exact("○ T")  # none is selected any more
    terminal.send(ENTER)
    terminal.expect_exact("Choose at least 1 of")
    terminal.send("a" + ENTER)
    terminal.expect_exact("Models")


def test_shows_immediately_why_a_text_is_invalid(terminal: Terminal) -> None:
    reach(terminal, "Project name")
    terminal.send("!" + ENTER)
    terminal.expect_exact("A project name has at most")
    terminal.send("\x7f" + ENTER)
    terminal.expect_exact("Import name")


@pytest.mark.parametrize("at", ["Project name", "License", "Tasks", "Jobs"])
def test_stops_at_any_question(terminal: Terminal, tmp_path: Path, at: str) -> None:
    reach(terminal, at)
    terminal.sendintr()
    finish(terminal)
    assert terminal.exitstatus == 130
    assert not list(tmp_path.iterdir())


def test_writes_nothing_unless_confirmed(terminal: Terminal, tmp_path: Path) -> None:
    reach(terminal, "Write this project?")
    terminal.send(UP + ENTER)  # No, the last choice
    terminal.expect_exact("Nothing was written.")
    finish(terminal)
    assert terminal.exitstatus == 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("terminal", [["--data", "jobs=monitoring_x"]], indirect=True)
def test_asks_again_for_an_invalid_given_answer(terminal: Terminal) -> None:
    reach(terminal, "Monitors")
    terminal.send(ENTER)
    terminal.expect_exact("monitoring_x needs evidently")
    reach(terminal, "Jobs")


@pytest.mark.parametrize("terminal", [["--preset", "minimal"]], indirect=True)
def test_does_not_ask_for_given_answers(terminal: Terminal) -> None:
    reach(terminal, "Minimum Python")
    terminal.send(ENTER)
    reach(terminal, "Engines")


@pytest.mark.parametrize("terminal", [["--yes"]], indirect=True)
def test_asks_nothing_on_request(terminal: Terminal) -> None:
    terminal.expect_exact("demo is ready")
    finish(terminal)
    assert terminal.exitstatus == 0
