"""Projects install with only their dependencies, and the commands of their README work."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path

import pytest
from environments import BUILD, PINS, VERSIONS, clean, interpreter, locked, uv
from rendering import Answers, render, run
from selections import light

PROJECTS: dict[str, Answers] = {
    "default": {},
    "another": {
        "tasks": ["classification"],
        "datasets": ["csv"],
        "jobs": ["training", "evaluation", "inference"],
        "trackers": [],
    },
    "light": light(),
}
SERVICE = "just serve"  # in a command that runs until it is stopped
PINNED, HIGHEST, LOWEST = "pinned", "highest", "lowest-direct"
OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]
EACH = list(product(VERSIONS, (HIGHEST, LOWEST)))
LARGEST = [(OLDEST, LOWEST), (NEWEST, HIGHEST)]  # for which the second project is tested
GATE = [("default", NEWEST, PINNED)]  # the demo tests the oldest
NIGHTLY = [
    ("light", OLDEST, PINNED),
    *(("default", *each) for each in EACH),
    *(("light", *each) for each in LARGEST),
    *(("another", *each) for each in EACH if each not in LARGEST),
]
SUITES = ("uv run just test", "uv run just coverage")


def commands(readme: str) -> list[str]:
    """Return the commands of a README that terminate and need no account, without duplicates."""
    blocks = re.findall(r"```console\n(.*?)```", readme, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    endless = re.compile(
        r"mlflow ui|docs-serve|docker |just (image|container|servers|notebook)\b|wandb sync"
    )
    return [line for line in dict.fromkeys(lines) if not endless.search(line)]


@contextmanager
def background(line: str, project: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Run a command until the context ends, and check that it then exits with 0."""
    with subprocess.Popen(["bash", "-c", f"exec {line}"], cwd=project, env=env) as process:
        try:
            yield
        finally:
            process.terminate()
    assert process.returncode == 0


def answered(line: str, project: Path, env: Mapping[str, str]) -> str:
    """Return the response of a service to a command, once it has started."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        done = subprocess.run(
            ["bash", "-c", line], cwd=project, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            assert '"prediction"' in done.stdout
            return done.stdout
        time.sleep(0.5)
    return run("bash", "-c", line, cwd=project, env=env)


def held(project: Path, python: Path) -> None:
    """Constrain `uv` to the gate's versions, resolved for this machine only."""
    pins = [line for line in PINS.read_text(encoding="utf-8").splitlines() if line]
    version = run(python, "-c", "import platform; print(platform.python_version())", cwd=project)
    here = f"sys_platform == '{sys.platform}' and python_full_version == '{version.strip()}'"
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[tool.uv]\nenvironments = {json.dumps([here])}\n")
        file.write(f"constraint-dependencies = {json.dumps(pins)}\n")


@pytest.mark.parametrize(
    ("name", "version", "resolution"),
    [
        *(pytest.param(*each, marks=pytest.mark.slow) for each in GATE),
        *(pytest.param(*each, marks=pytest.mark.nightly) for each in NIGHTLY),
    ],
)
def test_installs_and_runs_the_commands_of_its_readme(
    template: Path, name: str, version: str, resolution: str
) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"this machine has no Python {version}")
    project = BUILD / "installed" / f"{name.replace(' ', '-')}-{version}-{resolution}"
    shutil.rmtree(project, ignore_errors=True)
    render(template, PROJECTS[name], project)
    run("git", "init", "--quiet", cwd=project)
    run("git", "add", "--all", cwd=project)
    if resolution == PINNED:
        held(project, python)
    env = clean() | {
        "UV_PYTHON": str(python),
        "UV_RESOLUTION": HIGHEST if resolution == PINNED else resolution,
        "PATH": f"{Path(uv()).parent}{os.pathsep}{os.environ['PATH']}",
    }
    took: dict[str, float] = {}
    pages = (project / "README.md", project / "docs/tutorial.md")
    readme = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    with ExitStack() as running:
        if SERVICE in readme:
            running.enter_context(
                locked(BUILD / "port")
            )  # since all services listen on the same port
        for line in commands(readme):
            started = time.monotonic()
            if line in SUITES and resolution == PINNED:
                continue  # test_own_suites.py and the demo run these tests
            if SERVICE in line:
                running.enter_context(background(line, project, env))
                continue
            printed = answered(line, project, env) if line.startswith("curl") else ""
            printed = printed or run("bash", "-c", line, cwd=project, env=env)
            took[line] = time.monotonic() - started
            if line in SUITES:
                assert " passed" in printed
    assert len(took) > 8
    assert list(project.glob("runs/training/*/report.html"))
    assert list(project.glob("predictions.*"))
    assert made(project) <= {"uv.lock"}
    shutil.rmtree(project)


def made(project: Path) -> set[str]:
    """Return the untracked files of a project that its .gitignore does not ignore."""
    return set(run("git", "ls-files", "--others", "--exclude-standard", cwd=project).split())
