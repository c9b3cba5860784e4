"""`check` and `diff` report the state of a project and its changes, and write nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lifecycle.held import OWNED, TREES, Held
from rendering import files, run

pytestmark = pytest.mark.generic


class TestDiff:
    def test_shows_both_sides_separately(self, held: Held) -> None:
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        output = held.overture("diff", "--json").json
        assert "+VALUE_3 = 'mine'" in output["own"]
        assert "VALUE_5 = 55" not in output["own"]
        assert "+VALUE_5 = 55" in output["incoming"]
        assert output["edited"] == [TREES]

    def test_marks_owned_files(self, held: Held) -> None:
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        held.edit(OWNED, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        said = held.overture("diff", "--own").out.splitlines()
        assert [f"--- a/{TREES}", f"+++ b/{TREES}"] == [line for line in said if TREES in line]
        marked = [f"--- a/{OWNED}\t(owned)", f"+++ b/{OWNED}\t(owned)"]
        assert marked == [line for line in said if OWNED in line]

    def test_is_a_patch(self, held: Held, tmp_path: Path) -> None:
        before = held.read(OWNED)
        held.edit(OWNED, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        (tmp_path / "patch").write_text(held.overture("diff", "--own", "--json").json["own"] + "\n")
        run("git", "apply", "--reverse", tmp_path / "patch", cwd=held.root)
        assert held.read(OWNED) == before

    def test_one_side(self, held: Held) -> None:
        assert "Your changes\n\nNone." in held.overture("diff", "--own").out
        assert "Your changes" not in held.overture("diff", "--incoming").out

    def test_restores_a_deleted_file(self, held: Held) -> None:
        before = held.read(TREES)
        (held.root / TREES).unlink()
        held.commit()
        assert held.overture("check", "--json").json["findings"][1]["paths"] == [TREES]
        assert held.overture("restore", TREES).code == 0
        assert held.read(TREES) == before
        assert held.overture("restore", TREES).code == 2


class TestCheck:
    def test_a_current_project_is_sound(
        self, pristine: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        done = Held(pristine("0.3.0"), capsys).overture("check", "--strict")
        assert done.code == 0
        assert "Nothing is wrong" in done.out

    def test_distinguishes_behind_and_drifted(self, held: Held) -> None:
        assert held.overture("check").code == 0
        kinds = {item["kind"] for item in held.overture("check", "--json").json["findings"]}
        assert kinds == {"behind"}
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        kinds = {item["kind"] for item in held.overture("check", "--json").json["findings"]}
        assert kinds == {"behind", "drifted"}
        assert held.overture("check", "--strict").code == 3

    def test_writes_nothing(self, held: Held) -> None:
        before = files(held.root)
        held.overture("check")
        held.overture("diff")
        assert files(held.root) == before
        assert not held.status()
