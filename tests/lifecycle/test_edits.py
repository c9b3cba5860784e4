"""Edits of the user that Copier would lose are kept or merged, or the command asks."""

import pytest
from lifecycle.held import SCORING, TREES, Held
from rendering import run

pytestmark = pytest.mark.generic


class TestEditsThatCopierLoses:
    def test_of_removed_files_are_kept_or_rejected(self, held: Held) -> None:
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        refused = held.overture("remove", "trees", "--yes")
        assert refused.code == 2
        assert f"You edited {TREES}" in refused.err
        assert "--keep-edited" in refused.err
        assert not held.status()
        kept = held.overture("remove", "trees", "--yes", "--keep-edited", "--json")
        assert kept.json["edited_and_removed"] == [TREES]
        assert "VALUE_3 = 'mine'" in held.read(TREES)
        assert "trees" not in held.read("src/small/models/__init__.py")

    def test_of_removed_files_are_discarded_on_request(self, held: Held) -> None:
        held.edit(TREES, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        assert held.overture("remove", "trees", "--yes", "--discard-edited").code == 0
        assert not (held.root / TREES).exists()

    def test_of_files_that_a_version_deletes(self, held: Held) -> None:
        held.edit("src/small/going.py", "VALUE_3 = 3", "VALUE_3 = 'mine'")
        assert held.overture("update", "--yes").code == 2
        assert held.overture("update", "--yes", "--keep-edited").code == 0
        assert "mine" in held.read("src/small/going.py")

    def test_of_files_that_a_version_moves_follow(self, held: Held) -> None:
        held.edit(SCORING, "VALUE_3 = 3", "VALUE_3 = 'mine'")
        done = held.overture("update", "--to", "0.2.0", "--yes", "--json")
        assert done.json["moved"] == {SCORING: "src/small/measure/scoring.py"}
        assert not (held.root / SCORING).exists()
        merged = held.read("src/small/measure/scoring.py")
        assert "VALUE_3 = 'mine'" in merged
        assert "VALUE_9 = 99" in merged

    def test_of_moved_and_changed_lines_are_a_conflict(self, held: Held) -> None:
        held.edit(SCORING, "VALUE_9 = 9", "VALUE_9 = 'mine'")
        done = held.overture("update", "--to", "0.2.0", "--yes")
        assert done.code == 4
        assert "UU src/small/measure/scoring.py" in held.status()

    def test_of_a_binary_file_are_kept(self, held: Held) -> None:
        (held.root / "data/sample.bin").write_bytes(b"\0mine")
        held.commit()
        done = held.overture("update", "--to", "0.2.0", "--yes")
        assert "sample.bin is binary and was changed on both sides: your version" in done.out
        assert (held.root / "data/sample.bin").read_bytes() == b"\0mine"

    def test_of_a_file_that_git_ignores_are_merged(self, held: Held) -> None:
        run("git", "rm", "--quiet", "--cached", TREES, cwd=held.root)
        held.edit(".gitignore", "runs/", "runs/\ntrees.py")
        text = held.read(TREES).replace("VALUE_3 = 3", "VALUE_3 = 'mine'")
        (held.root / TREES).write_text(text)
        assert not held.status()
        found = held.overture("check", "--json").json["findings"]
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

    def test_a_users_file_at_a_new_path_is_a_conflict(self, held: Held) -> None:
        held.write("src/small/models/nets.py", "mine = 1\n")
        assert held.overture("add", "nets", "--yes").code == 4
        assert "mine = 1" in held.read("src/small/models/nets.py")

    def test_a_users_folder_at_a_new_path_is_rejected(self, held: Held) -> None:
        held.write("src/small/models/nets.py/inside.txt", "mine\n")
        done = held.overture("add", "nets", "--yes")
        assert done.code == 2
        assert "is a folder of yours" in done.err
