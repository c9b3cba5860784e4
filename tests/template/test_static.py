"""A rendered project is clean: it compiles, and its own checks pass, whatever was chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from environments import cache, inside
from rendering import Answers, alone, everything, is_light, least, light, pairs, run, some, text

Project = Callable[[Answers], Path]

LONG = "a_package_with_the_longest_name"[:30]
SELECTIONS: dict[str, Answers] = {
    "default": {},
    "least": least(),
    "everything": everything(),
    "everything else": light(),
    "short-name": {"package": "p", "project_name": "p"},
    "long-name": light() | {"package": LONG, "project_name": "A" * 40},
    **alone(),
}
PAIRS = pairs("models")


def chosen(is_quick: Callable[[Answers], bool]) -> list[Any]:
    """Return all selections for parametrize, the slow ones marked."""
    quick = [answers for answers in SELECTIONS.values() if is_quick(answers)]
    return [
        pytest.param(answers, id=id_, marks=() if answers in quick else pytest.mark.heavy)
        for id_, answers in (SELECTIONS | PAIRS).items()
    ]


each = pytest.mark.parametrize("answers", chosen(lambda _: True))
each_installed = pytest.mark.parametrize("answers", chosen(is_light))


@each
def test_compiles(project: Project, answers: Answers) -> None:
    for path in project(answers).rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), path, "exec")


@each_installed
def test_passes_its_own_checks(project: Project, fitting_python: Path, answers: Answers) -> None:
    folder = project(answers)
    env = inside(fitting_python, folder)
    run("ruff", "check", "--no-cache", cwd=folder, env=env)
    run("ruff", "format", "--check", "--no-cache", cwd=folder, env=env)
    run("mypy", "--cache-dir", cache(fitting_python), cwd=folder, env=env)
    run("lint-imports", "--no-cache", cwd=folder, env=env)


@pytest.mark.parametrize("seed", range(12))
def test_is_formatted_whatever_is_chosen(project: Project, seed: int) -> None:
    folder = project(some(seed))
    run("ruff", "check", "--no-cache", cwd=folder)
    run("ruff", "format", "--check", "--no-cache", cwd=folder)


@each_installed
def test_imports_what_it_declares(project: Project, fitting_python: Path, answers: Answers) -> None:
    folder = project(answers)
    part_of_pydantic = ("--per-rule-ignores", "DEP003=pydantic_core")
    env = inside(fitting_python, folder)
    run("deptry", "src", "--no-ansi", *part_of_pydantic, cwd=folder, env=env)


@each
def test_ends_every_text_with_one_newline(project: Project, answers: Answers) -> None:
    wrong = []
    for path in project(answers).rglob("*"):
        if path.is_file() and (lines := text(path.read_bytes())):
            blank = "\n\n\n" in lines and path.suffix != ".py"
            if not lines.endswith("\n") or lines.endswith("\n\n") or blank:
                wrong.append(path.name)
    assert not wrong


@each
def test_has_no_long_file(project: Project, answers: Answers) -> None:
    listing = {"pyproject.toml"} if answers == everything() else set()  # a line a component
    long = {
        path.name: lines
        for path in project(answers).rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".html"}
        and path.name not in listing
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 200
    }
    assert not long


@each
def test_states_valid_yaml(project: Project, answers: Answers) -> None:
    for path in project(answers).rglob("*.y*ml"):
        if path.name != "mkdocs.yml":
            yaml.safe_load(path.read_text(encoding="utf-8"))
