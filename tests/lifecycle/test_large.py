"""The command does not read large files of a project that do not fit in memory."""

import subprocess
import sys
from resource import RLIMIT_AS, setrlimit

import pytest
from lifecycle.held import Held

from overture.project.markers import marked
from overture.project.project import Project

pytestmark = pytest.mark.generic

LARGE = 16 * 2**30  # sparse, so that it takes no disk space
MEMORY = 4 * 2**30
CONFLICT = "a\n<<<<<<< before updating\nb\n=======\nc\n>>>>>>> after updating\n"


@pytest.fixture
def large(held: Held) -> Held:
    """A project with large files that git neither tracks nor ignores: one binary, one of text."""
    for name, head in {"rows.bin": b"", "rows.csv": b"a,b\n" * 4000, "rows.log": b"\n"}.items():
        with (held.root / "data" / name).open("wb") as file:
            file.write(head)
            file.truncate(LARGE)
    return held


@pytest.mark.parametrize("words", [["check"], ["add", "csv"], ["remove", "trees"]])
def test_is_not_read_into_memory(large: Held, words: list[str]) -> None:
    options = [] if words == ["check"] else ["--yes", "--dirty"]
    done = subprocess.run(
        [sys.executable, "-m", "overture", *words, *options],
        cwd=large.root,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: setrlimit(RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert done.returncode == 0, done.stderr


def test_conflicts_are_found_line_by_line(held: Held) -> None:
    project = Project.find(held.root)
    (held.root / "a.md").write_text(f"{CONFLICT}\n{CONFLICT}")
    (held.root / "b.md").write_text("no marks\n <<<<<<< here\n<<<<<<<\n")
    (held.root / "c.bin").write_bytes(b"\0\n" + CONFLICT.encode())
    paths = ("a.md", "b.md", "c.bin", "gone.md", "src")
    assert marked(project, paths) == ("a.md:2", "a.md:9")


def test_line_endings_do_not_hide_conflicts(held: Held) -> None:
    (held.root / "a.md").write_bytes(CONFLICT.replace("\n", "\r\n").encode())
    assert marked(Project.find(held.root), ["a.md"]) == ("a.md:2",)
