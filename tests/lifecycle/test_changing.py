"""Changes of a selection: equal to those of Copier, valid by the rules, and previewed."""

import shlex
import shutil
import sys

import pytest
import yaml
from lifecycle.held import ANSWERS, Held
from rendering import files, run

pytestmark = pytest.mark.generic


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
    def test_byte_for_byte_with_the_printed_command(self, held: Held, words: list[str]) -> None:
        held.edit("README.md", "Read this first.", "Read that first.\n\nMine.")
        held.write("mine.py", "import os\n")
        copy = held.root.with_name("copy")
        shutil.copytree(held.root, copy)
        done = held.overture(*words, "--json", "--yes")
        assert done.code in {0, 4}
        copier = shlex.split(done.json["copier"])
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

    def test_remove_warns_of_files_that_git_would_no_longer_ignore(self, held: Held) -> None:
        assert held.overture("add", "diary", "--yes").code == 0
        held.commit()
        (held.root / "diary.db").touch()
        done = held.overture("remove", "diary", "--yes")
        assert "git would no longer ignore diary.db: delete it" in done.out
        assert "`uv sync`" in done.out

    def test_adding_a_chosen_component_changes_nothing(self, held: Held) -> None:
        done = held.overture("add", "linear", "--yes")
        assert done.code == 0
        assert "already up to date" in done.out
        assert not held.status()

    def test_a_required_component_is_suggested(self, held: Held) -> None:
        before = files(held.root)
        done = held.overture("add", "deep", "--yes")
        assert done.code == 2
        assert "It stands on it." in done.err
        assert "overture add deep nets" in done.err
        assert files(held.root) == before

    @pytest.mark.parametrize("written", ["linear,deep", "[linear, deep]", "linear, deep"])
    def test_components_required_by_set_are_suggested(self, held: Held, written: str) -> None:
        done = held.overture("set", f"models={written}", "--yes")
        assert done.code == 2
        assert "It stands on it." in done.err
        remedy = shlex.split(done.err.split("The closest valid change: overture ")[1])
        assert remedy == ["set", "models=linear,deep,nets"]
        assert held.overture(*remedy, "--yes").code == 0

    def test_a_misspelled_id_in_set_gets_one_remedy(self, held: Held) -> None:
        done = held.overture("set", "models=linear,dep", "--yes")
        assert done.code == 2
        assert "Did you mean deep?" in done.err
        assert "closest valid change" not in done.err

    def test_a_required_component_cannot_be_removed_alone(self, held: Held) -> None:
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
            (["set", "description"], "not KEY=VALUE"),
            (["update", "--to", "9.9"], "has no version 9.9"),
            (["update", "--continue"], "No change is under way"),
            (["update", "--abort"], "No change is under way"),
            (["restore", "none"], "renders no file none"),
        ],
    )
    def test_invalid_input_is_rejected_with_one_message(
        self, held: Held, words: list[str], message: str
    ) -> None:
        before = files(held.root)
        done = held.overture(*words)
        assert done.code == 2
        assert message in done.err
        assert files(held.root) == before

    def test_recorded_answers_change_nothing(self, held: Held) -> None:
        done = held.overture("add", "trees", "--yes")
        assert (done.code, done.out) == (0, "small is already up to date.\n")
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

    def test_json_holds_the_same(self, held: Held) -> None:
        output = held.overture("add", "csv", "--dry-run", "--json").json
        assert {"path": "src/small/datasets/csv.py", "status": "added", "owned": False} in output[
            "files"
        ]
        assert output["written"] is False
        assert output["answers"] == {
            "datasets": {"before": ["parquet"], "after": ["parquet", "csv"]}
        }

    def test_an_update_shows_the_relevant_changelog(self, held: Held) -> None:
        output = held.overture("update", "--to", "0.2.0", "--dry-run", "--json").json
        (release,) = output["changelog"]
        assert release["version"] == "0.2.0"
        assert release["entries"] == [
            "`trees` has another fifth value, which is greater.",
            "`scoring.py` lies in `measure`.",
        ]
