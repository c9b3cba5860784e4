"""A rendered project is clean: it compiles, and its own checks pass, whatever was chosen."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from environments import cache, inside
from rendering import Answers, alone, everything, is_light, least, light, run

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

each = pytest.mark.parametrize("answers", SELECTIONS.values(), ids=SELECTIONS)
each_installed = pytest.mark.parametrize(
    "answers",
    [
        pytest.param(answers, id=id_, marks=() if is_light(answers) else pytest.mark.heavy)
        for id_, answers in SELECTIONS.items()
    ],
)


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
        if path.is_file() and path.suffix not in {".parquet", ".pyc"}:
            text = path.read_text(encoding="utf-8")
            blank = "\n\n\n" in text and path.suffix != ".py"
            if text and (not text.endswith("\n") or text.endswith("\n\n") or blank):
                wrong.append(path.name)
    assert not wrong


@each
def test_has_no_long_file(project: Project, answers: Answers) -> None:
    long = {
        path.name: lines
        for path in project(answers).rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".html"}
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 200
    }
    assert not long


@each
def test_states_valid_yaml(project: Project, answers: Answers) -> None:
    for path in project(answers).rglob("*.y*ml"):
        if path.name != "mkdocs.yml":
            yaml.safe_load(path.read_text(encoding="utf-8"))
