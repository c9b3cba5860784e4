"""A change with conflicts can be finished, whatever the user did with git in the meantime."""

from pathlib import Path

import pytest
from lifecycle.held import SCORING, Held
from rendering import run

pytestmark = pytest.mark.generic

COMING = "src/small/coming.py"  # added by the update


def conflicting(held: Held, *words: str) -> None:
    """Update a project whose README has an edit that conflicts with the update."""
    done = held.overture("update", "--yes", *words)
    assert "conflict: README.md" in done.out


@pytest.fixture
def edited(held: Held) -> Held:
    """A project with an edit that conflicts with an update."""
    held.edit("README.md", "Read this first.", "Mine.")
    return held


@pytest.fixture
def conflicted(edited: Held) -> Held:
    """A project with a conflict of an update."""
    conflicting(edited)
    return edited


def git(held: Held, *words: str) -> str:
    return run("git", *words, cwd=held.root)


def solve(held: Held) -> None:
    (held.root / "README.md").write_text("# Solved\n")


def left(held: Held) -> list[str]:
    """Return the files of Overture in the working tree."""
    return [path.name for path in held.root.rglob("*.overture")]


class TestAbort:
    def test_restores_the_index_after_everything_was_staged(self, conflicted: Held) -> None:
        git(conflicted, "add", "--all")
        assert conflicted.overture("update", "--abort").code == 0
        assert not conflicted.status()

    def test_keeps_earlier_staged_changes(self, edited: Held) -> None:
        (edited.root / "notes.md").write_text("mine\n")
        (edited.root / COMING.replace("coming", "going")).write_text("mine = 1\n")
        git(edited, "add", "--all")
        before = edited.status()
        conflicting(edited, "--dirty", "--keep-edited")
        git(edited, "add", "--all")
        assert edited.overture("update", "--abort").code == 0
        assert edited.status() == before

    def test_undoes_uncommitted_resolutions(self, conflicted: Held) -> None:
        solve(conflicted)
        git(conflicted, "add", "--all")
        assert conflicted.overture("update", "--abort").code == 0
        assert not conflicted.status()
        assert "Mine." in conflicted.read("README.md")

    def test_changes_nothing_after_a_commit(self, conflicted: Held) -> None:
        solve(conflicted)
        conflicted.commit()
        conflicted.write(COMING, "mine = 1\n")
        (conflicted.root / "README.md").write_text("# Later\n")
        for ending in ("--abort", "--continue"):
            done = conflicted.overture("update", ending)
            assert done.code == 2
            assert "No change is under way" in done.err
        assert conflicted.status() == " M README.md\n"
        assert conflicted.read(COMING) == "mine = 1\n"

    def test_is_rejected_if_a_folder_replaced_a_file(self, conflicted: Held) -> None:
        readme = conflicted.root / "README.md"
        readme.unlink()
        readme.mkdir()
        (readme / "mine.md").write_text("mine\n")
        before = conflicted.status()
        done = conflicted.overture("update", "--abort")
        assert done.code == 2
        assert "A folder replaced README.md" in done.err
        assert conflicted.status() == before
        readme.rename(readme.with_name("aside"))
        assert conflicted.overture("update", "--abort").code == 0
        assert conflicted.status() == "?? aside/\n"

    def test_is_rejected_if_a_file_replaced_a_folder(self, conflicted: Held) -> None:
        package = conflicted.root / "src/small"
        package.rename(conflicted.root / "aside")
        package.write_text("mine\n")
        done = conflicted.overture("update", "--abort")
        assert done.code == 2
        assert "A folder replaced src/small/" in done.err
        assert not left(conflicted)
        package.unlink()
        (conflicted.root / "aside").rename(package)
        assert conflicted.overture("update", "--abort").code == 0
        assert not conflicted.status()

    def test_keeps_a_file_that_replaced_a_folder_of_the_update(self, conflicted: Held) -> None:
        measure = conflicted.root / "src/small/measure"
        run("rm", "-r", measure, cwd=conflicted.root)
        measure.write_text("mine\n")
        assert conflicted.overture("update", "--abort").code == 0
        assert conflicted.status() == "?? src/small/measure\n"

    def test_reports_unwritable_files_and_can_be_repeated(
        self, conflicted: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(path: Path, target: Path) -> None:
            raise OSError(28, "No space left on device", str(path), None, str(target))

        (conflicted.root / "README.md").write_text("half solved\n")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", full)
            done = conflicted.overture("update", "--abort")
        assert done.code == 2
        assert "No space left on device" in done.err
        assert not left(conflicted)
        assert conflicted.overture("update", "--abort").code == 0
        assert not conflicted.status()


class TestContinue:
    def test_accepts_a_removal_as_a_resolution(self, conflicted: Held) -> None:
        git(conflicted, "rm", "--quiet", "--force", "README.md")
        assert conflicted.overture("update", "--continue").code == 0
        assert "D  README.md" in conflicted.status()

    def test_accepts_files_deleted_without_git(self, conflicted: Held) -> None:
        (conflicted.root / "README.md").unlink()
        assert conflicted.overture("update", "--continue").code == 0
        assert "D  README.md" in conflicted.status()

    def test_is_rejected_after_an_interrupted_abort(
        self, conflicted: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stopped(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("overture.project.applying.remove", stopped)
            assert conflicted.overture("update", "--abort").code == 130
        assert "interrupted" in conflicted.overture("update", "--continue").err
        assert not conflicted.status()


class TestFilesThatGitIgnores:
    """Files that git ignores, or whose changes it ignores, are merged, and never staged."""

    def ended(self, held: Held, ending: str) -> str:
        """Resolve the conflict, finish the change, and return the output of `git status`."""
        if ending == "--continue":
            solve(held)
        assert held.overture("update", ending).code == 0
        return "".join(line for line in held.status().splitlines() if "README" in line)

    @pytest.mark.parametrize("ending", ["--continue", "--abort"])
    def test_ignored(self, edited: Held, ending: str) -> None:
        git(edited, "rm", "--quiet", "--cached", "README.md")
        (edited.root / ".git/info").mkdir()
        (edited.root / ".git/info/exclude").write_text("README.md\n")
        edited.commit()
        conflicting(edited)
        assert not self.ended(edited, ending)
        assert not git(edited, "ls-files", "README.md")

    @pytest.mark.parametrize("ending", ["--continue", "--abort"])
    def test_ignored_where_a_version_moves_it(self, held: Held, ending: str) -> None:
        (held.root / ".git/info").mkdir()
        (held.root / ".git/info/exclude").write_text("src/small/measure/\n")
        held.edit(SCORING, "VALUE_9 = 9", "VALUE_9 = 'mine'")
        assert held.overture("update", "--yes").code == 4
        moved = held.root / "src/small/measure/scoring.py"
        moved.write_text("SOLVED = 1\n")
        assert held.overture("update", ending).code == 0
        assert not git(held, "ls-files", "src/small/measure/scoring.py")
        assert moved.exists() == (ending == "--continue")

    @pytest.mark.parametrize("ending", ["--continue", "--abort"])
    def test_assumed_to_be_unchanged(self, held: Held, ending: str) -> None:
        git(held, "update-index", "--assume-unchanged", "README.md")
        held.edit("README.md", "Read this first.", "Mine.")
        conflicting(held)
        assert not self.ended(held, ending)
        assert git(held, "ls-files", "-v", "README.md") == "h README.md\n"

    def test_intended_to_be_added(self, edited: Held) -> None:
        git(edited, "rm", "--quiet", "--cached", "README.md")
        git(edited, "commit", "--quiet", "-m", "edit")
        git(edited, "add", "--intent-to-add", "README.md")
        before = edited.status()
        conflicting(edited, "--dirty")
        assert self.ended(edited, "--abort") == before.strip("\n")
