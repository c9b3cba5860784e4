"""Rendered projects of all selections resolve their imports and pass their static checks."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from environments import cache, inside
from imports import installed, unresolved, unused
from jsonschema import Draft202012Validator
from rendering import Answers, run, text
from selections import all_ids, alone, everything, least, light, maximal, pairs, some

Project = Callable[[Answers], Path]

LONG = "a_package_with_the_longest_name"[:30]
# Since every import is resolved, the type checker has little left to find: a few are enough.
TYPED: dict[str, Answers] = {"default": {}, "least": least(), "light": light()}
SELECTIONS: dict[str, Answers] = {
    **TYPED,
    **{f"everything {number}": answers for number, answers in enumerate(maximal(all_ids()), 1)},
    "short-name": {"package": "p", "project_name": "p"},
    "long-name": light() | {"package": LONG, "project_name": "A" * 40},
    **alone(),
    **{f"random {seed}": some(seed) for seed in range(12)},
}
PAIRS = [
    pytest.param(answers, id=id_, marks=pytest.mark.nightly)
    for id_, answers in pairs("models").items()
]

each = pytest.mark.parametrize(
    "answers", [*(pytest.param(answers, id=id_) for id_, answers in SELECTIONS.items()), *PAIRS]
)


@pytest.fixture(scope="session")
def brought(whole_python: Path) -> dict[str, set[str]]:
    """The distributions that provide each module of an environment with everything."""
    return installed(whole_python)


@each
def test_imports_only_existing_modules_and_declared_dependencies(
    project: Project, brought: dict[str, set[str]], answers: Answers
) -> None:
    folder = project(answers)
    assert unresolved(folder, brought) == []
    assert unused(folder, brought) == set()


@each
def test_is_formatted_and_lints(project: Project, answers: Answers) -> None:
    folder = project(answers)
    run("ruff", "check", "--no-cache", cwd=folder)
    run("ruff", "format", "--check", "--no-cache", cwd=folder)


@pytest.mark.whole
@pytest.mark.parametrize("name", TYPED)
def test_is_strictly_typed_and_in_layers(project: Project, python: Path, name: str) -> None:
    check_types(project(TYPED[name]), python)


@pytest.mark.nightly
def test_is_strictly_typed_and_in_layers_with_everything(
    project: Project, whole_python: Path
) -> None:
    check_types(project(everything()), whole_python)


def check_types(folder: Path, python: Path) -> None:
    """Run the static checks of a project that need its libraries."""
    env = inside(python, folder)
    run("mypy", "--cache-dir", cache(python), cwd=folder, env=env)
    run("lint-imports", "--no-cache", cwd=folder, env=env)


@pytest.mark.whole
def test_has_no_misspelling_and_no_secret(
    project: Project, whole_python: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(project(everything()), tmp_path / "project")
    run(
        whole_python.with_name("codespell"),
        "confs",
        "docs",
        "src",
        "tests",
        "README.md",
        cwd=folder,
    )
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    files = run("git", "ls-files", "--", ":!tests", cwd=folder).splitlines()
    run(whole_python.with_name("detect-secrets-hook"), *files, cwd=folder)


@pytest.mark.whole
def test_an_editor_accepts_every_configuration(
    project: Project, whole_python: Path, tmp_path: Path
) -> None:
    """Each configuration names the schema in its first line, and is valid by it."""
    folder, file = project(everything()), tmp_path / "schema.json"
    (package,) = (path.name for path in (folder / "src").iterdir())
    command = (whole_python, "-m", package, "schema", "--output", file)
    run(*command, cwd=folder, env=inside(whole_python, folder))
    schema = Draft202012Validator(json.loads(file.read_bytes()))
    paths = sorted(folder.glob("confs/*/*.yaml"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    named = "# yaml-language-server: $schema=../schema.json\n"
    assert not [name for name, text in texts.items() if not text.startswith(named)]
    assert not [name for name, text in texts.items() if not schema.is_valid(yaml.safe_load(text))]
    assert not schema.is_valid({"model": {"kind": "sklearn", "estimatr": "Ridge"}})
    assert not schema.is_valid({"kind": "training"})


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
    listing = {"pyproject.toml", "README.md"}  # one line per component
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


@pytest.mark.parametrize("name", ["default", "light"])
def test_git_ignores_none_of_its_files(project: Project, tmp_path: Path, name: str) -> None:
    """Patterns for the output of jobs hide no module with a similar name, nor one of the user."""
    folder = shutil.copytree(project(SELECTIONS[name]), tmp_path / "project")
    (package,) = folder.glob("src/*")
    (package / "runs").mkdir(exist_ok=True)
    for own in ("runs/own.py", "predictions.py"):
        (package / own).touch()
    run("git", "init", "--quiet", cwd=folder)
    assert run("git", "ls-files", "--others", "--ignored", "--exclude-standard", cwd=folder) == ""
