"""A killed change leaves the project unchanged or completely changed, whenever it is killed.

The gate kills the process at every fifth step, the nightly run at each.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lifecycle.killing import in_a_child
from lifecycle.repositories import Repository
from rendering import files, run

from overture.cli import main
from overture.errors import ProjectError
from overture.project.applying import carry_out, recovered

pytestmark = pytest.mark.generic

CHANGES = {
    "add": ["add", "nets", "csv"],
    "remove": ["remove", "trees", "--discard-edited"],
    "update": ["update"],
    "conflict": ["update", "--keep-edited"],
}
STRIDE = 1 if int(os.environ.get("OVERTURE_STEPS", "0")) > 1000 else 5
DATA = ("tasks=regression", "models=linear,trees", "datasets=parquet", "jobs=training")


@pytest.fixture
def project(versions: Repository, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A project with edits; in tests of conflicts, one conflicts with the newest version."""
    folder = tmp_path / "small"
    data = [f"--data={pair}" for pair in ("project_name=small", *DATA, "trackers=", "extras=")]
    words = ["--template", str(versions.path), "--ref", "0.1.0", "--yes", *data]
    assert main(["new", str(folder), "--no-lock", *words]) == 0
    with (folder / "src/small/models/trees.py").open("a") as file:
        file.write("MINE = 1\n")
    if "conflict" in request.node.name:
        readme = folder / "README.md"
        readme.write_text(readme.read_text().replace("Read this first.", "Mine."))
    run("git", "commit", "--quiet", "--all", "-m", "Edit", cwd=folder)
    return folder


@dataclass(frozen=True)
class State:
    """The state that a change may modify."""

    files: dict[str, bytes]
    index: str
    status: str

    @classmethod
    def of(cls, project: Path) -> "State":
        """Return the state of a project."""
        index = run("git", "ls-files", "--stage", cwd=project)
        return cls(files(project), index, run("git", "status", "--porcelain", cwd=project))


def die_at(moment: int) -> None:
    """Kill this process at its nth audited system operation."""
    left = moment

    def watch(event: str, _: tuple[Any, ...]) -> None:
        nonlocal left
        if event in {"open", "subprocess.Popen"} or event.startswith(("os.", "shutil.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def restoring(project: Path) -> Callable[[], None]:
    """Return a function that restores the current state of a project."""
    spare = project.with_name("spare")
    shutil.copytree(project, spare, symlinks=True)

    def restore() -> None:
        shutil.rmtree(project)
        shutil.copytree(spare, project, symlinks=True)
        run("git", "status", cwd=project)  # refreshes git's index

    return restore


@pytest.mark.histories
@pytest.mark.parametrize("name", CHANGES)
def test_at_every_step(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kills = 0
    restore = restoring(project)

    def trial(change: Any, command: str) -> None:
        nonlocal kills
        before = State.of(project)
        carry_out(change, command)
        after = State.of(project)
        assert after != before
        for moment in count(1, STRIDE):
            restore()

            def work(moment: int = moment) -> None:
                die_at(moment)
                carry_out(change, command)

            lived = in_a_child(work)
            try:
                undone = recovered(change.project) is not None
            except ProjectError as waiting:
                assert "left conflicts in README.md" in str(waiting)  # noqa: PT017
                undone = False
            now = State.of(project)
            assert now in (before, after)
            assert not undone or now == before
            if lived:
                assert now == after
                break
            kills += 1

    monkeypatch.setattr("overture.commands.changing.carry_out", trial)
    expected = 4 if name == "conflict" else 0
    assert main([CHANGES[name][0], "-C", str(project), "--yes", *CHANGES[name][1:]]) == expected
    assert kills > 20 // STRIDE


@pytest.mark.histories
def test_at_every_step_of_undoing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = State.of(project)
    restore = restoring(project)
    kills = 0

    def trial(change: Any, command: str) -> None:
        nonlocal kills
        for moment in count(10):
            restore()

            def work(moment: int = moment) -> None:
                die_at(moment)
                carry_out(change, command)

            assert not in_a_child(work)
            written = files(project).items() - before.files.items()
            if len(written) > 2:
                break
        shutil.rmtree(project.with_name("spare"))
        again = restoring(project)
        for moment in count(1, STRIDE):
            again()
            assert State.of(project) != before

            def undoing(moment: int = moment) -> None:
                die_at(moment)
                recovered(change.project)

            lived = in_a_child(undoing)
            recovered(change.project)
            assert State.of(project) == before
            if lived:
                break
            kills += 1

    monkeypatch.setattr("overture.commands.changing.carry_out", trial)
    main(["update", "-C", str(project), "--yes"])
    assert kills > 10 // STRIDE


@pytest.mark.histories
@pytest.mark.parametrize("ending", ["--abort", "--continue"])
def test_at_every_step_of_finishing_a_conflict(ending: str, project: Path) -> None:
    where = ("-C", str(project))
    before = State.of(project)
    assert main(["update", "--keep-edited", "--yes", *where]) == 4
    if ending == "--continue":
        (project / "README.md").write_text("# Solved\n")
    solved = files(project)
    restore = restoring(project)
    for moment in count(1, STRIDE):
        restore()

        def work(moment: int = moment) -> None:
            die_at(moment)
            main(["update", ending, *where])

        lived = in_a_child(work)
        # If it was killed at its last step, the change is finished already.
        assert main(["update", ending, *where]) in ({2} if lived else {0, 2})
        if ending == "--abort":
            assert State.of(project) == before
        else:
            assert files(project) == solved
            assert not run("git", "ls-files", "--unmerged", cwd=project)
        if lived:
            assert moment > 10
            break


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["add", "remove", "update"])
def test_at_any_moment_of_the_command(name: str, number: signal.Signals, project: Path) -> None:
    command = [sys.executable, "-m", "overture", CHANGES[name][0], "--yes", *CHANGES[name][1:]]
    before = State.of(project)
    spare = project.with_name("spare")
    shutil.copytree(project, spare, symlinks=True)
    began = time.perf_counter()
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    lasting = time.perf_counter() - began
    after = State.of(project)
    chance = Random(f"{name}{number}")
    for _ in range(1):
        shutil.rmtree(project)
        shutil.copytree(spare, project, symlinks=True)
        process = subprocess.Popen(
            command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        time.sleep(lasting * chance.uniform(0.5, 1))
        process.send_signal(number)
        _, printed = process.communicate(timeout=60)
        assert "Traceback" not in printed
        if number == signal.SIGKILL:
            subprocess.run(command, cwd=project, check=False, capture_output=True)
            assert State.of(project) == after
        else:
            assert State.of(project) in (before, after)
