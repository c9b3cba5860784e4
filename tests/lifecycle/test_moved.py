"""A change that moves modules also moves the user's files, and lists their references."""

from pathlib import Path

import pytest
from lifecycle.held import Held
from rendering import files, run

pytestmark = pytest.mark.generic

OWN = "src/small/models/own.py"
USING = "from small.models.own import OWN\n"


def used(output: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
    return [
        (item["path"], item["line"], item["name"], item["now"]) for item in output["references"]
    ]


class TestReferences:
    def test_to_removed_modules_are_listed(self, held: Held) -> None:
        held.write("src/small/mine.py", "import os\nfrom .models.trees import NAME\n")
        held.write("confs/mine.yaml", "a: 1\nmodel:\n  kind: trees\n")
        output = held.overture("remove", "trees", "--yes", "--json").json
        assert used(output) == [
            ("confs/mine.yaml", 3, "kind: trees", None),
            ("src/small/mine.py", 2, "small.models.trees", None),
        ]

    def test_to_another_component_are_not_listed(self, held: Held) -> None:
        held.write("confs/mine.yml", "model: {kind: linear}\nother:\n  - kind: linear\n")
        held.write("notes.txt", "import small.models.trees\n")
        assert not held.overture("remove", "trees", "--yes", "--json").json["references"]

    def test_in_an_unparsable_module_are_not_listed(self, held: Held) -> None:
        for name, deep in (("sum", "1 + " * 3000 + "1"), ("list", "[" * 3000 + "]" * 3000)):
            held.write(f"src/small/{name}.py", f"from .models.trees import NAME\n{deep}\n")
        assert not held.overture("remove", "trees", "--yes", "--json").json["references"]

    def test_to_moved_modules_are_listed_with_the_new_name(self, held: Held) -> None:
        held.write("src/small/mine.py", "import os\nfrom . import scoring\n")
        held.write("tests/test_mine.py", "from small.scoring import NAME\n")
        done = held.overture("update", "--to", "0.2.0", "--yes")
        assert (
            "src/small/mine.py:2 uses small.scoring, which is now small.measure.scoring."
            in done.out.splitlines()
        )
        assert "tests/test_mine.py:1 uses small.scoring, which is now" in done.out


class TestPackage:
    """A renamed package contains files of the user."""

    def test_moves_the_users_files_with_it(self, held: Held) -> None:
        held.write(OWN, "from .linear import NAME as OWN\n")
        held.write("tests/test_own.py", USING)
        output = held.overture("set", "package=other", "--yes", "--json").json
        moved = OWN.replace("small", "other")
        assert output["moved"][OWN] == moved
        assert f"{OWN} is your file, and moves with its package: {moved}" in output["notes"]
        assert used(output) == [("tests/test_own.py", 1, "small.models.own", "other.models.own")]
        assert held.read(moved) == "from .linear import NAME as OWN\n"
        assert not (held.root / "src/small").exists()

    def test_previews_the_move(self, held: Held) -> None:
        held.write(OWN, "OWN = 1\n")
        before = files(held.root)
        done = held.overture("set", "package=other", "--dry-run")
        assert f"Note: {OWN} is your file, and moves with its package" in done.out
        assert files(held.root) == before

    def test_moves_edits_with_it_whatever_its_name(self, held: Held) -> None:
        """Other folders may have the former name of the package."""
        for name in ("models", "other"):
            before = {path.relative_to(held.root).parts[1] for path in held.root.glob("src/*")}
            old = before.pop()
            with (held.root / f"src/{old}/models/trees.py").open("a") as file:
                file.write(f"# mine in {old}\n")
            held.commit()
            assert held.overture("set", f"package={name}", "--yes").code == 0
            assert f"# mine in {old}\n" in held.read(f"src/{name}/models/trees.py")
            held.commit()

    def test_is_restored_on_abort(self, held: Held) -> None:
        held.write(OWN, "OWN = 1\n")
        held.write("src/small/models/nets.py", "mine = 1\n")
        before = files(held.root)
        done = held.overture("set", "package=other", "models=linear,nets", "--yes")
        assert "conflict: src/other/models/nets.py" in done.out
        assert "mine = 1" in held.read("src/other/models/nets.py")
        assert held.read(OWN.replace("small", "other")) == "OWN = 1\n"
        assert held.overture("update", "--abort").code == 0
        assert files(held.root) == before
        assert not held.status()

    def test_combines_with_moves_of_a_version(self, held: Held) -> None:
        held.edit("src/small/scoring.py", "VALUE_3 = 3", "VALUE_3 = 'mine'")
        done = held.overture("update", "--to", "0.2.0", "-d", "package=other", "--yes")
        assert done.code == 0
        assert "VALUE_3 = 'mine'" in held.read("src/other/measure/scoring.py")

    def test_does_not_overwrite(self, held: Held) -> None:
        held.write(OWN, "OWN = 1\n")
        held.write(OWN.replace("small", "other"), "other = 1\n")
        done = held.overture("set", "package=other", "--yes")
        assert done.code == 2
        assert "src/other/models/own.py exists already" in done.err
        assert not held.status()

    @pytest.mark.parametrize("target", ["scoring.py", "../../data", "nowhere"])
    def test_does_not_replace_a_link_with_a_file(self, held: Held, target: str) -> None:
        (held.root / "src/small/link").symlink_to(target)
        held.commit()
        done = held.overture("set", "package=other", "--yes")
        assert done.code == 2
        assert "src/small/link is a symbolic link" in done.err
        assert not held.status()

    @pytest.mark.parametrize("words", [["clone", "--quiet"], ["submodule", "--quiet", "add"]])
    def test_leaves_no_repository_behind(
        self, held: Held, tmp_path: Path, words: list[str]
    ) -> None:
        run("git", "init", "--quiet", tmp_path / "vendor", cwd=tmp_path)
        other = Held(tmp_path / "vendor", held.capture)
        other.write("vendor.py", "VENDOR = 1\n")
        allowed = ("-c", "protocol.file.allow=always")
        run("git", *allowed, *words, other.root, "src/small/vendor", cwd=held.root)
        if words[0] == "submodule":
            held.commit()
        done = held.overture("set", "package=other", "--yes", "--dirty")
        assert done.code == 2
        assert "is a repository of its own" in done.err
        assert not (held.root / "src/other").exists()

    def test_leaves_files_that_git_ignores(self, held: Held) -> None:
        (held.root / "src/small/__pycache__").mkdir()
        (held.root / "src/small/__pycache__/scoring.pyc").write_bytes(b"\0")
        assert held.overture("set", "package=other", "--yes").code == 0
        assert [path.name for path in held.root.glob("src/small/*")] == ["__pycache__"]
