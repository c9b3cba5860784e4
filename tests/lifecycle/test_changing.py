"""A project is changed later, and nothing of the person's is lost: case by case."""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from lifecycle.repositories import Repository
from lifecycle.small import small
from rendering import files, run

from overture.cli import main

ANSWERS = ".copier-answers.yml"
DATA = {
    "project_name": "small",
    "tasks": "regression",
    "models": "linear,trees",
    "datasets": "parquet",
    "jobs": "training",
    "trackers": "",
    "extras": "",
}
TREES = "src/small/models/trees.py"
SCORING = "src/small/scoring.py"


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """What it printed as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Held:
    """A project that a test changes."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def overture(self, *words: str | Path) -> Done:
        """Run the command for the project, in this process."""
        self.capture.readouterr()
        try:
            code = main([str(words[0]), "--project", str(self.root), *map(str, words[1:])])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        printed = self.capture.readouterr()
        return Done(code, printed.out, printed.err)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file, and commit it."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.commit()

    def write(self, path: str, text: str) -> None:
        """Write a file, and commit it."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")
        self.commit()

    def read(self, path: str) -> str:
        """Return the text of a file."""
        return (self.root / path).read_text(encoding="utf-8")

    def commit(self) -> None:
        """Commit everything."""
        run("git", "add", "--all", cwd=self.root)
        run("git", "commit", "--quiet", "--allow-empty", "-m", "edit", cwd=self.root)

    def status(self) -> str:
        """Return what git says of the project."""
        return run("git", "status", "--porcelain", cwd=self.root)


Make = Callable[..., Held]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The small template with its three versions."""
    return small(tmp_path_factory.mktemp("small") / "template")


@pytest.fixture(scope="module")
def pristine(
    versions: Repository, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Projects of each version, which nobody changes."""
    made: dict[str, Path] = {}

    def at(version: str) -> Path:
        if version not in made:
            folder = tmp_path_factory.mktemp("pristine") / "small"
            data = [word for key, value in DATA.items() for word in ("-d", f"{key}={value}")]
            words = ["--yes", "--template", str(versions.path), "--ref", version, *data]
            assert main(["new", str(folder), *words]) == 0
            made[version] = folder
        return made[version]

    return at


@pytest.fixture
def held(
    pristine: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Held:
    """A project of version 0.1.0."""
    shutil.copytree(pristine("0.1.0"), tmp_path / "small")
    return Held(tmp_path / "small", capsys)


class TestSameAsCopier:
    @pytest.mark.parametrize(
        "words",
        [
            ["add", "csv", "docs"],
            ["remove", "trees"],
            ["set", "description=Another line"],
            ["update"],
            ["update", "--to", "0.2.0"],
        ],
    )
    def test_to_the_byte_by_the_command_that_it_prints(self, held: Held, words: list[str]) -> None:
        held.edit("README.md", "Read this first.", "Read that first.\n\nMine.")
        held.write("mine.py", "import os\n")
        copy = held.root.with_name("copy")
        shutil.copytree(held.root, copy)
        done = held.overture(*words, "--json", "--yes")
        assert done.code in {0, 1}
        copier = shlex.split(done.told["copier"])
        assert copier[:2] == ["copier", "update"]
        run(sys.executable, "-m", *copier, "--quiet", cwd=copy)
        assert files(copy) == files(held.root)
        assert run("git", "status", "--porcelain", cwd=copy) == held.status()


class TestSelection:
    def test_add_keeps_the_rest(self, held: Held) -> None:
        assert held.overture("add", "nets", "--yes").code == 0
        recorded = yaml.safe_load(held.read(ANSWERS))
        assert recorded["models"] == ["linear", "nets", "trees"]
        assert (held.root / "src/small/models/nets.py").exists()

    def test_adding_what_is_there_changes_nothing(self, held: Held) -> None:
        done = held.overture("add", "linear", "--yes")
        assert done.code == 0
        assert "Nothing changes" in done.out
        assert not held.status()

    def test_what_another_needs_is_offered(self, held: Held) -> None:
        before = files(held.root)
        done = held.overture("add", "deep", "--yes")
        assert done.code == 2
        assert "It stands on it." in done.err
        assert "overture add deep nets" in done.err
        assert files(held.root) == before

    def test_what_another_stands_on_cannot_go_alone(self, held: Held) -> None:
        held.overture("add", "nets", "deep", "--yes")
        held.commit()
        done = held.overture("remove", "nets", "--yes")
        assert done.code == 2
        assert "overture remove deep nets" in done.err

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["add", "treees"], "Did you mean trees?"),
            (["remove", "nets"], "nets is not chosen, so it cannot be removed"),
            (["remove", "training"], "jobs: Choose at least 1"),
            (["set", "descripton=x"], "did you mean description?"),
            (["set", "description"], "not key=value"),
            (["update", "--to", "9.9"], "has no version 9.9"),
            (["update", "--continue"], "Nothing is under way"),
            (["update", "--abort"], "Nothing is under way"),
            (["diff", "--restore", "none"], "The template has no file none"),
        ],
    )
    def test_bad_input_is_refused_in_one_message(
        self, held: Held, words: list[str], message: str
    ) -> None:
        before = files(held.root)
        done = held.overture(*words)
        assert done.code == 2
        assert message in done.err
        assert files(held.root) == before

    def test_what_is_there_already_changes_nothing(self, held: Held) -> None:
        done = held.overture("add", "trees", "--yes")
        assert (done.code, done.out) == (0, "Nothing changes: small is as it would be.\n")
        assert not held.status()

    def test_add_then_remove_gives_the_same_bytes(self, held: Held) -> None:
        before = files(held.root)
        for words in (["add", "csv", "docs", "diary"], ["remove", "csv", "docs", "diary"]):
            assert held.overture(*words, "--yes").code == 0
            held.commit()
        assert files(held.root) == before


class TestPreview:
    def test_dry_run_writes_nothing(self, held: Held) -> None:
        before = files(held.root)
        done = held.overture("add", "csv", "--dry-run")
        assert done.code == 0
        assert "datasets  parquet → parquet, csv" in done.out
        assert "csv.py  (added)" in done.out
        assert '+  "csv",' in done.out
        assert files(held.root) == before

    def test_owned_files_are_named(self, held: Held) -> None:
        done = held.overture("set", "package=other", "--dry-run")
        assert "regression.py  (added, owned)" in done.out

    def test_json_says_the_same(self, held: Held) -> None:
        told = held.overture("add", "csv", "--dry-run", "--json").told
        assert {"path": "src/small/datasets/csv.py", "status": "added", "owned": False} in told[
            "files"
        ]
        assert told["written"] is False
        assert told["answers"] == {"datasets": {"before": ["parquet"], "after": ["parquet", "csv"]}}

    def test_an_update_tells_what_concerns_the_project(self, held: Held) -> None:
        told = held.overture("update", "--to", "0.2.0", "--dry-run", "--json").told
        (release,) = told["changelog"]
        assert release["version"] == "0.2.0"
        assert release["entries"] == [
            "`trees` has another fifth value, which is greater.",
            "`scoring.py` lies in `measure`.",
        ]


class TestEditsThatCopierLoses:
    def test_of_what_is_removed_are_kept_or_refused(self, held: Held) -> None:
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        refused = held.overture("remove", "trees", "--yes")
        assert refused.code == 2
        assert f"You edited {TREES}" in refused.err
        assert "--keep-edited" in refused.err
        assert not held.status()
        kept = held.overture("remove", "trees", "--yes", "--keep-edited", "--json")
        assert kept.told["edited_and_removed"] == [TREES]
        assert "VALUE_3 = 'mine'" in held.read(TREES)
        assert "trees" not in held.read("src/small/models/__init__.py")

    def test_of_what_is_removed_are_discarded_when_told(self, held: Held) -> None:
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        assert held.overture("remove", "trees", "--yes", "--discard-edited").code == 0
        assert not (held.root / TREES).exists()

    def test_of_what_a_version_deletes(self, held: Held) -> None:
        held.edit("src/small/going.py", "VALUE_3 = 3", "VALUE_3 = 'mine'")
        assert held.overture("update", "--yes").code == 2
        assert held.overture("update", "--yes", "--keep-edited").code == 0
        assert "mine" in held.read("src/small/going.py")

    def test_of_what_a_version_moves_follow_it(self, held: Held) -> None:
        held.edit(SCORING, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        done = held.overture("update", "--to", "0.2.0", "--yes", "--json")
        assert done.told["moved"] == {SCORING: "src/small/measure/scoring.py"}
        assert not (held.root / SCORING).exists()
        merged = held.read("src/small/measure/scoring.py")
        assert "VALUE_3 = 'mine'" in merged
        assert "VALUE_9 = 99" in merged

    def test_of_what_a_version_moves_and_changes_there_are_a_conflict(self, held: Held) -> None:
        held.edit(SCORING, "VALUE_9 = 9", "VALUE_9 = 'mine'")
        done = held.overture("update", "--to", "0.2.0", "--yes")
        assert done.code == 1
        assert "UU src/small/measure/scoring.py" in held.status()

    def test_of_a_binary_file_stay(self, held: Held) -> None:
        (held.root / "data/sample.bin").write_bytes(b"\0mine")
        held.commit()
        done = held.overture("update", "--to", "0.2.0", "--yes")
        assert "data/sample.bin is binary and was changed on both sides: yours is kept" in done.out
        assert (held.root / "data/sample.bin").read_bytes() == b"\0mine"

    def test_of_a_file_that_git_ignores_are_merged(self, held: Held) -> None:
        run("git", "rm", "--quiet", "--cached", TREES, cwd=held.root)
        held.edit(".gitignore", "runs/", "runs/\ntrees.py")
        text = held.read(TREES).replace("VALUE_3 = 3", "VALUE_3 = 'mine'")
        (held.root / TREES).write_text(text)
        assert not held.status()
        found = held.overture("check", "--json").told["findings"]
        assert [item["paths"] for item in found if item["kind"] == "ignored"] == [[TREES]]
        assert held.overture("update", "--to", "0.2.0", "--yes").code == 0
        assert "VALUE_3 = 'mine'" in held.read(TREES)
        assert "VALUE_5 = 55" in held.read(TREES)

    def test_a_deleted_owned_file_stays_deleted(self, held: Held) -> None:
        (held.root / "src/small/schemas/regression.py").unlink()
        held.commit()
        assert held.overture("update", "--yes").code == 0
        assert not (held.root / "src/small/schemas/regression.py").exists()

    def test_plain_copier_updates_a_project_in_which_files_were_deleted(self, held: Held) -> None:
        for path in ("src/small/schemas/regression.py", "handbook.md", TREES):
            (held.root / path).unlink(missing_ok=True)
        held.commit()
        run("copier", "update", "--defaults", "--vcs-ref", "0.2.0", cwd=held.root)
        assert not (held.root / TREES).exists()

    def test_a_file_of_the_persons_at_a_new_path_is_a_conflict(self, held: Held) -> None:
        held.write("src/small/models/nets.py", "mine = 1\n")
        assert held.overture("add", "nets", "--yes").code == 1
        assert "mine = 1" in held.read("src/small/models/nets.py")

    def test_a_folder_of_the_persons_at_a_new_path_is_refused(self, held: Held) -> None:
        held.write("src/small/models/nets.py/inside.txt", "mine\n")
        done = held.overture("add", "nets", "--yes")
        assert done.code == 2
        assert "is a folder of yours" in done.err

    def test_files_that_use_what_is_removed_are_named(self, held: Held) -> None:
        held.write("src/small/mine.py", "import os\nfrom .models.trees import NAME\n")
        held.write("confs/mine.yaml", "a: 1\nmodel:\n  kind: trees\n")
        told = held.overture("remove", "trees", "--yes", "--json").told
        assert [f"{item['path']}:{item['line']}" for item in told["references"]] == [
            "src/small/mine.py:2"
        ]


class TestAnswers:
    def test_edited_by_hand_are_refused_with_the_way_back(self, held: Held) -> None:
        held.edit(ANSWERS, "- trees", "- nets")
        done = held.overture("update", "--yes")
        assert done.code == 2
        assert "was edited by hand" in done.err
        assert "(models)" in done.err
        assert "overture set models=linear,nets" in done.err
        commit = done.err.split("--source ")[1].split()[0]
        run("git", "restore", "--source", commit, "--", ANSWERS, cwd=held.root)
        held.commit()
        assert held.overture("set", "models=linear,nets", "--yes").code == 0
        assert not (held.root / TREES).exists()

    def test_edited_by_hand_are_found_by_check(self, held: Held) -> None:
        held.edit(ANSWERS, "- trees", "- nets")
        done = held.overture("check", "--json")
        assert done.code == 1
        assert "answers-edited" in {item["kind"] for item in done.told["findings"]}

    def test_that_no_question_asks_are_found_by_check(self, held: Held) -> None:
        held.edit(ANSWERS, "- trees", "- trees\nmodles: [x]")
        kinds = {item["kind"] for item in held.overture("check", "--json").told["findings"]}
        assert "unknown-answers" in kinds

    def test_that_the_rules_refuse_are_found_by_check(self, held: Held) -> None:
        held.edit(ANSWERS, "- trees", "- deep")
        done = held.overture("check")
        assert done.code == 1
        assert "problem (rules): models: deep needs" in done.out.replace("Deep", "deep")

    def test_merged_by_hand_can_be_accepted(self, held: Held) -> None:
        held.edit(ANSWERS, "# The answers", "# THE answers")
        assert held.overture("update", "--yes").code == 2
        assert held.overture("update", "--yes", "--accept-answers").code == 0
        held.commit()
        assert held.overture("check").code == 0


class TestState:
    def test_uncommitted_changes_are_refused_unless_told(self, held: Held) -> None:
        (held.root / "README.md").write_text("mine\n")
        done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "not committed: README.md" in done.err
        assert held.overture("add", "csv", "--yes", "--dirty").code in {0, 1}
        assert "mine" in held.read("README.md")

    def test_without_history_is_refused(self, held: Held) -> None:
        shutil.rmtree(held.root / ".git")
        done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "git init" in done.err

    def test_elsewhere_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        assert main(["check", "--project", str(tmp_path / "elsewhere")]) == 2

    def test_below_the_root_is_found(self, held: Held) -> None:
        below = Held(held.root / "src/small", held.capture)
        assert below.overture("check").code == 0

    def test_a_second_run_is_refused(self, held: Held) -> None:
        import fcntl

        from overture.project import Project

        state = Project.find(held.root).state
        state.mkdir(parents=True, exist_ok=True)
        with (state / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = held.overture("add", "csv", "--yes")
        assert done.code == 2
        assert "Another run of overture" in done.err

    def test_in_a_subfolder_of_a_repository(self, held: Held, tmp_path: Path) -> None:
        top = tmp_path / "top"
        (top / "below").mkdir(parents=True)
        shutil.rmtree(held.root / ".git")
        held.root.rename(top / "below/small")
        (top / "other.txt").write_text("other\n")
        run("git", "init", "--quiet", cwd=top)
        inner = Held(top / "below/small", held.capture)
        run("git", "add", "--all", cwd=top)
        run("git", "commit", "--quiet", "-m", "start", cwd=top)
        (top / "other.txt").write_text("not committed, and no matter\n")
        assert inner.overture("add", "csv", "--yes").code == 0
        inner.commit()
        inner.edit("README.md", "Read this first.", "Mine.")
        assert inner.overture("update", "--yes").code == 1
        assert "UU below/small/README.md" in inner.status()
        assert inner.overture("update", "--abort").code == 0
        assert "UU" not in inner.status()

    def test_beside_another_template(self, held: Held) -> None:
        run("git", "mv", ANSWERS, ".copier-answers.overture.yml", cwd=held.root)
        held.write(ANSWERS, "_src_path: elsewhere\n_commit: 1\nlinter: ruff\n")
        assert held.overture("add", "csv", "--yes").code == 0
        assert "linter: ruff" in held.read(ANSWERS)
        assert "csv" in held.read(".copier-answers.overture.yml")

    def test_a_version_that_is_gone_can_be_named(self, held: Held) -> None:
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
        assert done.code == 1
        assert "conflict: README.md: 1 place to solve" in done.out
        assert "overture update --continue" in done.out
        assert "UU README.md" in held.status()

    def test_stand_in_the_way_of_the_next_change(self, held: Held) -> None:
        self.conflicting(held)
        done = held.overture("add", "csv", "--yes", "--dirty")
        assert done.code == 2
        assert "left conflicts in README.md" in done.err
        assert held.overture("check").code == 1

    def test_continue_waits_until_they_are_solved(self, held: Held) -> None:
        self.conflicting(held)
        waiting = held.overture("update", "--continue")
        assert waiting.code == 1
        assert "conflict: README.md:" in waiting.out
        (held.root / "README.md").write_text("# Solved\n")
        assert held.overture("update", "--continue").code == 0
        assert "UU" not in held.status()
        held.commit()
        assert held.overture("check").code == 0

    def test_abort_goes_back(self, held: Held) -> None:
        held.edit("README.md", "Read this first.", "Mine.")
        before = files(held.root)
        assert held.overture("update", "--yes").code == 1
        assert held.overture("update", "--abort").code == 0
        assert files(held.root) == before
        assert not held.status()

    def test_abort_keeps_a_copy_of_what_was_edited_since(self, held: Held) -> None:
        self.conflicting(held)
        (held.root / "README.md").write_text("half solved\n")
        done = held.overture("update", "--abort")
        copy = Path(done.out.split("lies in ")[1].strip())
        assert copy.read_text() == "half solved\n"

    def test_solved_and_committed_by_git_alone_are_over(self, held: Held) -> None:
        self.conflicting(held)
        text = held.read("README.md").splitlines(keepends=True)
        solved = [line for line in text if not line.startswith(("<<<<<<<", "=======", ">>>>>>>"))]
        (held.root / "README.md").write_text("".join(solved))
        held.commit()
        assert held.overture("add", "csv", "--yes").code == 0


class TestDiff:
    def test_shows_both_sides_apart(self, held: Held) -> None:
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        told = held.overture("diff", "--json").told
        assert "+VALUE_3 = 'mine'" in told["own"]
        assert "VALUE_5 = 55" not in told["own"]
        assert "+VALUE_5 = 55" in told["incoming"]
        assert told["edited"] == [TREES]

    def test_one_side(self, held: Held) -> None:
        assert "What you changed\n\nNothing." in held.overture("diff", "--own").out
        assert "What you changed" not in held.overture("diff", "--incoming").out

    def test_restores_a_deleted_file(self, held: Held) -> None:
        before = held.read(TREES)
        (held.root / TREES).unlink()
        held.commit()
        assert held.overture("check", "--json").told["findings"][1]["paths"] == [TREES]
        assert held.overture("diff", "--restore", TREES).code == 0
        assert held.read(TREES) == before
        assert held.overture("diff", "--restore", TREES).code == 2


class TestCheck:
    def test_a_current_project_is_sound(
        self, pristine: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        done = Held(pristine("0.3.0"), capsys).overture("check", "--strict")
        assert done.code == 0
        assert "Nothing is wrong" in done.out

    def test_behind_and_drifted_are_apart(self, held: Held) -> None:
        assert held.overture("check").code == 0
        kinds = {item["kind"] for item in held.overture("check", "--json").told["findings"]}
        assert kinds == {"behind"}
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        kinds = {item["kind"] for item in held.overture("check", "--json").told["findings"]}
        assert kinds == {"behind", "drifted"}
        assert held.overture("check", "--strict").code == 1

    def test_writes_nothing(self, held: Held) -> None:
        before = files(held.root)
        held.overture("check")
        held.overture("diff")
        assert files(held.root) == before
        assert not held.status()


def test_a_dirty_template_is_said(held: Held, versions: Repository, tmp_path: Path) -> None:
    copy = tmp_path / "dirty"
    run("git", "clone", "--quiet", versions.path, copy, cwd=tmp_path)
    data = [word for key, value in DATA.items() for word in ("-d", f"{key}={value}")]
    (copy / "template/extra.md").write_text("extra\n")
    words = ["-m", "overture", "new", "p", "--yes", "--template", str(copy), "--ref", "HEAD", *data]
    done = subprocess.run(
        [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "updates will not find this version" in done.stderr
    made = Held(tmp_path / "p", held.capture)
    assert made.overture("check").code == 1
    refused = made.overture("update", "--yes")
    assert refused.code == 2
    assert "--from VERSION" in refused.err
