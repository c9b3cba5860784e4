"""Projects are installed as a user would, with only what they declare, and their README holds."""

import os
import re
import shutil
import time
from pathlib import Path

import pytest
from environments import BUILD, VERSIONS, clean, interpreter, uv
from rendering import Answers, light, render, run

pytestmark = pytest.mark.heavy

PROJECTS: dict[str, Answers] = {"default": {}, "everything else": light()}
HIGHEST, LOWEST = "highest", "lowest-direct"
INSTALLED = [
    *(("default", version, resolution) for version in VERSIONS for resolution in (HIGHEST, LOWEST)),
    ("everything else", VERSIONS[0], LOWEST),
    ("everything else", VERSIONS[-1], HIGHEST),
]


def commands(readme: str) -> list[str]:
    """Return the commands of a README that end by themselves."""
    blocks = re.findall(r"```console\n(.*?)```", readme, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    endless = re.compile(r"mlflow ui|mkdocs serve|docker ")
    return [line for line in lines if not endless.search(line)]


@pytest.mark.parametrize(("name", "version", "resolution"), INSTALLED)
def test_installs_and_does_all_that_its_readme_says(
    template: Path, name: str, version: str, resolution: str
) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"this machine has no Python {version}")
    project = BUILD / "installed" / f"{name.replace(' ', '-')}-{version}-{resolution}"
    shutil.rmtree(project, ignore_errors=True)
    render(template, PROJECTS[name], project)
    run("git", "init", "--quiet", cwd=project)
    env = clean() | {
        "UV_PYTHON": str(python),
        "UV_RESOLUTION": resolution,
        "PATH": f"{Path(uv()).parent}{os.pathsep}{os.environ['PATH']}",
    }
    took: dict[str, float] = {}
    for line in commands((project / "README.md").read_text(encoding="utf-8")):
        started = time.monotonic()
        printed = run("bash", "-c", line, cwd=project, env=env)
        took[line] = time.monotonic() - started
        if line == "uv run pytest":
            assert " passed" in printed
    assert len(took) > 8
    assert list(project.glob("runs/training/*/report.html"))
    assert list(project.glob("predictions.*"))
    shutil.rmtree(project)


def test_leaves_nothing_in_git_that_is_not_its_own(template: Path, tmp_path: Path) -> None:
    """What the README's commands make is ignored by the project's own .gitignore."""
    project = render(template, {}, tmp_path / "project")
    run("git", "init", "--quiet", cwd=project)
    run("git", "add", "--all", cwd=project)
    python = interpreter(VERSIONS[0])
    env = clean() | {"UV_PYTHON": str(python)}
    for line in commands((project / "README.md").read_text(encoding="utf-8")):
        run("bash", "-c", line, cwd=project, env=env)
    run("git", "add", "--all", cwd=project)
    staged = run("git", "status", "--porcelain", "--untracked-files=all", cwd=project).split()
    made = {path for path in staged[1::2] if path.startswith(("runs", "predictions", "mlflow"))}
    assert not made
