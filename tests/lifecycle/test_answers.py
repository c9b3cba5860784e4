"""An answers file that was edited, or merged by git, is rejected with the remedy."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from lifecycle.held import ANSWERS, TREES, Held
from rendering import run

from overture.cli import main

pytestmark = pytest.mark.generic


class TestAnswers:
    def test_edited_by_hand_are_rejected_with_the_remedy(self, held: Held) -> None:
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
        assert done.code == 3
        assert "answers-edited" in {item["kind"] for item in done.json["findings"]}

    def test_without_a_question_are_found_by_check(self, held: Held) -> None:
        held.edit(ANSWERS, "- trees", "- trees\nmodles: [x]")
        kinds = {item["kind"] for item in held.overture("check", "--json").json["findings"]}
        assert "unknown-answers" in kinds

    def test_that_break_the_rules_are_found_by_check(self, held: Held) -> None:
        held.edit(ANSWERS, "- trees", "- deep")
        done = held.overture("check")
        assert done.code == 3
        assert "error (rules): models: deep needs" in done.out.replace("Deep", "deep")

    @pytest.mark.parametrize("more", ["extras: [docs]\n", "# Fingerprint: mine\n"])
    def test_with_text_after_the_fingerprint_are_rejected(self, held: Held, more: str) -> None:
        held.write(ANSWERS, held.read(ANSWERS) + more)
        assert "answers-edited" in held.overture("check").out
        assert held.overture("update", "--yes").code == 2

    def test_with_other_line_endings_are_unedited(self, held: Held) -> None:
        text = held.read(ANSWERS)
        (held.root / ANSWERS).write_bytes(text.replace("\n", "\r\n").encode())
        assert "answers-edited" not in held.overture("check").out
        (held.root / ANSWERS).write_bytes(text.replace("\n", "\r\n").replace("0.1", "0.2").encode())
        assert "answers-edited" in held.overture("check").out

    def test_that_yaml_cannot_construct_are_rejected(self, held: Held, tmp_path: Path) -> None:
        held.edit(ANSWERS, "license: ", "license: 2026-13-45 #")
        (tmp_path / "answers.yml").write_text("description: 2026-13-45\n")
        new = (str(tmp_path / "new"), "--yes", "--answers", str(tmp_path / "answers.yml"))
        assert main(["new", *new]) == 2
        assert "The answers file .copier-answers.yml cannot be read" in held.overture("check").err
        assert held.overture("add", "csv", "--yes").code == 2

    def test_that_yaml_cannot_construct_are_rejected_on_the_command_line(self, held: Held) -> None:
        done = held.overture("set", "models=[2026-13-45]", "--yes")
        assert done.code == 2
        assert "models is a list such as [a, b]" in done.err

    def test_merged_by_hand_can_be_accepted(self, held: Held) -> None:
        held.edit(ANSWERS, "# The answers", "# THE answers")
        assert held.overture("update", "--yes").code == 2
        assert held.overture("update", "--yes", "--accept-answers").code == 0
        held.commit()
        assert held.overture("check").code == 0


class TestMergedBranches:
    @pytest.fixture
    def merged(self, held: Held) -> Held:
        """Merge two branches, each of which added a component."""
        for branch, name in (("mine", "csv"), ("theirs", "nets")):
            run("git", "switch", "--quiet", "-c", branch, "main", cwd=held.root)
            assert held.overture("add", name, "--yes").code == 0
            held.commit()
        done = subprocess.run(["git", "merge", "mine"], cwd=held.root, check=False)
        assert done.returncode == 1
        return held

    def test_name_the_remedy_before_the_merge_is_resolved(self, merged: Held) -> None:
        done = merged.overture("check")
        assert "answers-merged" in done.out
        assert "keep one of its fingerprints" in done.out
        assert done.code == 3

    @pytest.mark.parametrize("side", ["ours", "theirs"])
    def test_are_accepted_by_the_command_that_is_named(self, merged: Held, side: str) -> None:
        text = merged.read(ANSWERS)
        kept = re.findall("# Fingerprint: .*", text)[side == "theirs"]
        (merged.root / ANSWERS).write_text(re.sub("(?s)<<<<<<<.*", f"{kept}\n", text))
        merged.commit()
        done = merged.overture("add", "deep", "--yes")
        assert done.code == 2
        assert "Git merged branches that both changed .copier-answers.yml" in done.err
        (words,) = re.findall("overture (set .* --accept-answers)", done.err)
        assert merged.overture(*shlex.split(words), "--yes").code == 0
        merged.commit()
        assert merged.overture("check").code == 0
        answers = yaml.safe_load(merged.read(ANSWERS))
        assert {"nets", "csv"} <= {*answers["models"], *answers["datasets"]}

    def test_that_changed_the_same_answer_name_the_conflict(self, merged: Held) -> None:
        text = merged.read(ANSWERS).replace("license:", "<<<<<<< HEAD\nlicense:")
        (merged.root / ANSWERS).write_text(text)
        done = merged.overture("check")
        assert done.code == 2
        assert "has unresolved conflicts" in done.err
