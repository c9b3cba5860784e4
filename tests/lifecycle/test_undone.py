"""A partly written change of a killed process is undone, without losing the user's edits."""

from pathlib import Path

import pytest
from lifecycle.held import TREES, Done, Held
from rendering import files, run

from overture.files import File, read, write
from overture.project.index import held as held_by_git
from overture.project.journal import Journal, Replacement
from overture.project.project import Project

pytestmark = pytest.mark.generic

GOING = "src/small/going.py"
COMING = "src/small/coming.py"


@pytest.fixture
def before(held: Held) -> dict[str, bytes]:
    return files(held.root)


@pytest.fixture
def half(held: Held, before: dict[str, bytes]) -> Held:
    """A project with a partly written change of a killed process."""
    project = Project.find(held.root)
    changed = {TREES: File(b"theirs = 1\n"), COMING: File(b"theirs = 2\n"), GOING: None}
    replacements = {
        path: Replacement(read(held.root / path), file) for path, file in changed.items()
    }
    index = held_by_git(project, replacements)
    Journal(project.state, "applying", "overture update", "", replacements, index, ()).save()
    write(held.root / TREES, File(b"theirs = 1\n"))
    write(held.root / COMING, File(b"theirs = 2\n"))
    assert files(held.root) != before
    return held


def copied(said: str) -> Path:
    """Return the folder of the user's edits that a message names."""
    return Path(said.split("kept in ")[1].splitlines()[0])


class TestContinue:
    def test_undoes_and_is_rejected(self, half: Held, before: dict[str, bytes]) -> None:
        done = half.overture("update", "--continue")
        assert done.code == 2
        assert "`overture update` was interrupted" in done.err
        assert "undone" in done.err
        assert "Run it again" in done.err
        assert files(half.root) == before
        assert not half.status()
        assert "No change is under way" in half.overture("update", "--continue").err

    def test_stages_nothing_else(self, half: Held) -> None:
        (half.root / "notes.md").write_text("mine\n")
        half.overture("update", "--continue")
        assert half.status() == "?? notes.md\n"

    def test_unstages_files_that_were_added_since(self, half: Held) -> None:
        run("git", "add", "--all", cwd=half.root)
        half.overture("update", "--continue")
        assert not half.status()


class TestLaterEdits:
    """Edits of files that the killed process had written, made afterwards."""

    def edited(self, half: Held) -> None:
        (half.root / TREES).write_text("mine = 1\n")

    def kept(self, done: Done, said: str) -> None:
        assert copied(said).read_text() == "mine = 1\n", done

    def test_are_reported_by_the_next_change(self, half: Held) -> None:
        self.edited(half)
        done = half.overture("add", "csv", "--yes")
        assert "were undone" in done.err
        self.kept(done, done.err)

    def test_are_reported_by_continue(self, half: Held) -> None:
        self.edited(half)
        done = half.overture("update", "--continue")
        assert done.code == 2
        self.kept(done, done.err)

    def test_are_reported_by_abort(self, half: Held) -> None:
        self.edited(half)
        done = half.overture("update", "--abort")
        assert done.code == 0
        self.kept(done, done.out)
