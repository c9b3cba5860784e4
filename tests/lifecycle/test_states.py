"""In every state of a project, a change is safe or rejected with the remedy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lifecycle.held import ANSWERS, DATA, Done, Held
from lifecycle.repositories import Repository
from rendering import files, run

from overture.cli import main

pytestmark = pytest.mark.generic


class TestState:
    def test_uncommitted_changes_are_rejected_unless_allowed(self, held: Held) -> None:
        (held.root / "README.md").write_text("mine\n")
        done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "uncommitted changes: README.md" in done.err
        assert held.overture("add", "csv", "--yes", "--dirty").code in {0, 4}
        assert "mine" in held.read("README.md")

    def test_untracked_files_that_a_change_does_not_touch_are_accepted(self, held: Held) -> None:
        (held.root / "uv.lock").write_text("mine\n")
        assert held.overture("add", "csv", "--yes").code == 0
        assert held.read("uv.lock") == "mine\n"

    def test_untracked_files_that_a_change_touches_are_rejected(self, held: Held) -> None:
        run("git", "rm", "--quiet", "--cached", "README.md", cwd=held.root)
        run("git", "commit", "--quiet", "-m", "Stop tracking it", cwd=held.root)
        done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "untracked files, which the change would write or remove: README.md" in done.err

    def test_without_history_is_rejected(self, held: Held) -> None:
        shutil.rmtree(held.root / ".git")
        done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "git init" in done.err

    def test_of_another_owner_is_rejected_with_the_message_of_git(self, held: Held) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
            done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "dubious ownership" in done.err
        assert "git config --global --add safe.directory" in done.err
        assert "git init" not in done.err

    def test_without_git_is_rejected_with_the_remedy(self, held: Held, tmp_path: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", str(tmp_path))
            done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "git is not on the PATH" in done.err

    def test_without_a_commit_has_no_earlier_answers(self, held: Held) -> None:
        shutil.rmtree(held.root / ".git")
        run("git", "init", "--quiet", cwd=held.root)
        text = held.read(ANSWERS).replace("- trees", "- nets")
        (held.root / ANSWERS).write_text(text)
        assert "answers-edited" in held.overture("check").out
        done = held.overture("update", "--yes", "--dirty")
        assert done.code == 2
        assert "If its content is correct: --accept-answers" in done.err

    @pytest.mark.parametrize("name", ["nosuch", "README.md"])
    def test_a_missing_folder_is_not_resolved_to_another_project(
        self, held: Held, name: str
    ) -> None:
        done = Held(held.root / name, held.capture).overture("add", "csv", "--yes")
        assert done.code == 2
        assert f"{name} is not a folder" in done.err
        assert not held.status()

    def test_with_a_read_only_repository_is_rejected(self, held: Held) -> None:
        state = held.root / ".git/overture"
        shutil.rmtree(state)
        state.write_text("mine\n")
        assert held.overture("check").code == 0
        done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert f"{state}" in done.err
        assert "cannot be written" in done.err

    def test_outside_a_project_is_rejected(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        assert main(["check", "--project", str(tmp_path / "elsewhere")]) == 2

    def test_below_the_root_is_found(self, held: Held) -> None:
        below = Held(held.root / "src/small", held.capture)
        assert below.overture("check").code == 0

    def test_a_concurrent_change_is_rejected(self, held: Held) -> None:
        import fcntl

        from overture.project.project import Project

        state = Project.find(held.root).state
        state.mkdir(parents=True, exist_ok=True)
        with (state / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "Another run of overture" in done.err

    @pytest.mark.parametrize("name", ["below/small", " below", os.fsdecode(b"caf\xe9")])
    def test_in_a_subfolder_of_a_repository(self, held: Held, tmp_path: Path, name: str) -> None:
        top = tmp_path / "top"
        (top / name).parent.mkdir(parents=True)
        shutil.rmtree(held.root / ".git")
        held.root.rename(top / name)
        (top / "other.txt").write_text("other\n")
        run("git", "init", "--quiet", cwd=top)
        inner = Held(top / name, held.capture)
        run("git", "add", "--all", cwd=top)
        run("git", "commit", "--quiet", "-m", "start", cwd=top)
        (top / "other.txt").write_text("not committed, and no matter\n")
        assert inner.overture("add", "csv", "--yes").code == 0
        inner.commit()
        inner.edit("README.md", "Read this first.", "Mine.")
        assert inner.overture("update", "--yes").code == 4
        assert run("git", "ls-files", "--unmerged", "README.md", cwd=inner.root)
        assert inner.overture("update", "--abort").code == 0
        assert not inner.status()

    def test_beside_another_template(self, held: Held) -> None:
        run("git", "mv", ANSWERS, ".copier-answers.overture.yml", cwd=held.root)
        held.write(ANSWERS, "_src_path: elsewhere\n_commit: 1\nlinter: ruff\n")
        assert held.overture("add", "csv", "--yes").code == 0
        assert "linter: ruff" in held.read(ANSWERS)
        assert "csv" in held.read(".copier-answers.overture.yml")

    @pytest.mark.parametrize("address", ["../template", "/no/where"])
    def test_a_template_that_moved_names_the_remedy(self, held: Held, address: str) -> None:
        text = re.sub("_src_path: .*", f"_src_path: {address}", held.read(ANSWERS))
        held.write(ANSWERS, text.split("# Fingerprint")[0])
        for words in (["check"], ["update", "--yes"]):
            done = held.overture(*words)
            assert f"There is no template at {address}" in done.out + done.err
            assert "write its address into _src_path" in done.out + done.err

    def test_a_missing_version_can_be_replaced(self, held: Held) -> None:
        text = held.read(ANSWERS).replace("_commit: 0.1.0", "_commit: 0.0.9")
        held.write(ANSWERS, text.split("# Fingerprint")[0])
        assert "template-gone" in held.overture("check").out
        done = held.overture("update", "--yes")
        assert done.code == 2
        assert "--from VERSION" in done.err
        assert held.overture("update", "--yes", "--from", "0.1.0").code == 0
        assert "_commit: 0.3.0" in held.read(ANSWERS)


class TestConflicts:
    def conflicting(self, held: Held) -> Done:
        held.edit("README.md", "Read this first.", "Mine.")
        return held.overture("update", "--yes")

    def test_are_reported_by_file_and_fail(self, held: Held) -> None:
        done = self.conflicting(held)
        assert done.code == 4
        assert "conflict: README.md: 1 place to resolve" in done.out
        assert "overture update --continue" in done.out
        assert "UU README.md" in held.status()

    def test_block_the_next_change(self, held: Held) -> None:
        self.conflicting(held)
        done = held.overture("add", "csv", "--yes", "--dirty")
        assert done.code == 2
        assert "left conflicts in README.md" in done.err
        assert held.overture("check").code == 3

    def test_continue_requires_resolution(self, held: Held) -> None:
        self.conflicting(held)
        waiting = held.overture("update", "--continue")
        assert waiting.code == 4
        assert "conflict: README.md:" in waiting.out
        (held.root / "README.md").write_text("# Solved\n")
        assert held.overture("update", "--continue").code == 0
        assert "UU" not in held.status()
        held.commit()
        assert held.overture("check").code == 0

    def test_abort_restores_the_project(self, held: Held) -> None:
        held.edit("README.md", "Read this first.", "Mine.")
        before = files(held.root)
        assert held.overture("update", "--yes").code == 4
        assert held.overture("update", "--abort").code == 0
        assert files(held.root) == before
        assert not held.status()

    def test_are_recorded_in_a_repository_of_longer_hashes(self, held: Held) -> None:
        shutil.rmtree(held.root / ".git")
        run("git", "init", "--quiet", "--object-format=sha256", cwd=held.root)
        held.edit("README.md", "Read this first.", "Mine.")
        before = files(held.root)
        for ending in ("--abort", "--continue"):
            assert held.overture("update", "--yes").code == 4
            assert "UU README.md" in held.status()
            if ending == "--continue":
                (held.root / "README.md").write_text("# Solved\n")
            assert held.overture("update", ending).code == 0
            assert "UU" not in held.status()
            assert (files(held.root) == before) == (ending == "--abort")

    def test_abort_keeps_a_copy_of_later_edits(self, held: Held) -> None:
        self.conflicting(held)
        (held.root / "README.md").write_text("half solved\n")
        done = held.overture("update", "--abort")
        copy = Path(done.out.split("kept in ")[1].strip())
        assert copy.read_text() == "half solved\n"

    def test_resolved_and_committed_with_git_are_finished(self, held: Held) -> None:
        self.conflicting(held)
        text = held.read("README.md").splitlines(keepends=True)
        solved = [line for line in text if not line.startswith(("<<<<<<<", "=======", ">>>>>>>"))]
        (held.root / "README.md").write_text("".join(solved))
        held.commit()
        assert held.overture("add", "csv", "--yes").code == 0


def test_a_dirty_template_is_reported(held: Held, versions: Repository, tmp_path: Path) -> None:
    copy = tmp_path / "dirty"
    run("git", "clone", "--quiet", versions.path, copy, cwd=tmp_path)
    data = [word for key, value in DATA.items() for word in ("-d", f"{key}={value}")]
    (copy / "template/extra.md").write_text("extra\n")
    words = ["p", "--yes", "--no-lock", "--template", str(copy), "--ref", "HEAD", *data]
    command = [sys.executable, "-m", "overture", "new", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "updates will not find this version" in done.stderr
    made = Held(tmp_path / "p", held.capture)
    assert made.overture("check").code == 3
    refused = made.overture("update", "--yes")
    assert refused.code == 2
    assert "--from VERSION" in refused.err
