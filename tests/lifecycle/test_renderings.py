"""The repository of a project keeps its last few renderings, all of them complete."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from lifecycle.held import Held
from lifecycle.killing import in_a_child

from overture.project.project import Project

pytestmark = pytest.mark.generic

KEPT = 4


@pytest.fixture
def kept(held: Held) -> Path:
    """The folder of a project's renderings, with the one that it was generated from."""
    held.overture("check")
    return Project.find(held.root).state / "renderings"


def rendered(held: Held, number: int) -> None:
    """Check the project, and create another rendering of its template."""
    assert held.overture("set", f"description=Number {number}", "--dry-run").code == 0


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def sizes(folder: Path) -> set[int]:
    """Return the number of files in each rendering."""
    return {len([*(folder / name).rglob("*.*")]) for name in visible(folder)}


def test_a_rendering_in_use_is_kept(held: Held, kept: Path) -> None:
    [name] = visible(kept)
    made = (kept / name).stat().st_ino
    for number in range(KEPT + 1):
        rendered(held, number)
        assert (kept / name).stat().st_ino == made
    assert len(visible(kept)) == KEPT


def test_a_killed_process_leaves_no_partial_rendering(held: Held, kept: Path) -> None:
    for number in range(KEPT - 1):
        rendered(held, number)
    whole = sizes(kept)

    removed = -1  # counted from the removal of a rendering

    def die(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal removed
        if event == "shutil.rmtree" and "/renderings/" in str(arguments[0]):
            removed = 0
        if event == "os.remove" and removed >= 0:
            removed += 1
            if removed > 2:
                os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        sys.addaudithook(die)
        rendered(held, KEPT)

    assert not in_a_child(work)
    assert sizes(kept) == whole


def test_leftovers_of_a_killed_process_are_removed_later(held: Held, kept: Path) -> None:
    for name, age in {".old": 1e6, ".new": 0.0}.items():
        (kept / name).mkdir()
        then = (kept / name).stat().st_mtime - age
        os.utime(kept / name, (then, then))
    rendered(held, 1)
    assert not (kept / ".old").exists()
    assert (kept / ".new").exists()
