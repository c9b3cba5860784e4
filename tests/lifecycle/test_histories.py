"""Random histories of a project: whatever is changed in whatever order, nothing is lost.

A person edits, adds, removes and sets, and updates across versions; after every step the project is
held against what this file says of it, in its own words. `make nightly` takes 10,000 steps from a
seed of its own.
"""

import json
import os
import shlex
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, assume, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from lifecycle.small import small
from rendering import files, run

from overture.cli import main
from overture.interview import Interview

STEPS = int(os.environ.get("OVERTURE_STEPS", "300"))
SEED = int(os.environ.get("OVERTURE_SEED", "0"))
SHARES = 5  # that can run in parallel
LENGTH = 20
VERSIONS = ("0.1.0", "0.2.0", "0.3.0")
MOVED = {"src/small/scoring.py": "src/small/measure/scoring.py"}
START = {
    "project_name": "small",
    "tasks": "regression",
    "models": "linear",
    "datasets": "parquet",
    "jobs": "training",
    "trackers": "",
    "extras": "",
}
FAMILIES = {
    "models": ["linear", "trees", "nets", "deep", "forest"],
    "datasets": ["parquet", "csv"],
    "jobs": ["training", "inference"],
    "trackers": ["diary"],
    "extras": ["docs"],
    "tasks": ["regression", "classification"],
}
ANSWERS = ".copier-answers.yml"
OWNED = ("src/small/schemas/regression.py", "src/small/schemas/classification.py")
IDS = [id_ for ids in FAMILIES.values() for id_ in ids]


class Histories(RuleBasedStateMachine):
    """A project, and what a person knows of it."""

    anew: ClassVar[dict[str, dict[str, bytes]]] = {}
    template: Path
    capture: pytest.CaptureFixture[str]

    @initialize()
    def start(self) -> None:
        self.folder = TemporaryDirectory()
        self.project = Path(self.folder.name).resolve() / "project"
        data = [word for pair in START.items() for word in ("--data", "=".join(pair))]
        words = ["--template", str(self.template), "--ref", VERSIONS[0], "--yes", *data]
        self.say("new", str(self.project), *words)
        self.own: set[str] = set()  # lines that the person wrote
        self.count = 0
        self.touched = False  # whether anything was ever edited

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    # ---- What a person does ----

    @rule(chance=st.randoms(use_true_random=False))
    def insert_a_line(self, chance: Any) -> None:
        path, lines = self.some_text(chance)
        lines.insert(chance.randint(0, len(lines)), self.line())
        self.edit(path, lines)

    @rule(chance=st.randoms(use_true_random=False))
    def change_a_line(self, chance: Any) -> None:
        path, lines = self.some_text(chance)
        at = chance.randrange(len(lines)) if lines else 0
        self.own.discard(lines[at].strip() if lines else "")
        lines[at : at + 1] = [self.line()]
        self.edit(path, lines)

    @rule(chance=st.randoms(use_true_random=False))
    def delete_a_line(self, chance: Any) -> None:
        path, lines = self.some_text(chance)
        assume(lines)
        gone = lines.pop(chance.randrange(len(lines)))
        self.own.discard(gone.strip())
        self.edit(path, lines)

    @rule(chance=st.randoms(use_true_random=False))
    def delete_a_file(self, chance: Any) -> None:
        path, lines = self.some_text(chance)
        assume(path != "README.md")
        self.own -= {line.strip() for line in lines}
        (self.project / path).unlink()
        self.commit()

    @rule(chance=st.randoms(use_true_random=False))
    def rename_a_file(self, chance: Any) -> None:
        path, _ = self.some_text(chance)
        self.count += 1
        target = self.project / f"renamed/file_{self.count}.py"
        target.parent.mkdir(exist_ok=True)
        (self.project / path).rename(target)
        self.commit()

    @rule(name=st.sampled_from(["src/small/own.py", "src/small/coming.py", "notes.md", "b/c.txt"]))
    def write_a_file(self, name: str) -> None:
        path = self.project / name
        assume(not path.exists())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{self.line()}\n", encoding="utf-8")
        self.commit()

    @rule()
    def replace_the_sample(self) -> None:
        path = self.project / "data/sample.bin"
        assume(path.exists())
        self.count += 1
        path.write_bytes(b"\0mine %d" % self.count)
        self.commit()

    # ---- What the command does ----

    @rule(id_=st.sampled_from(IDS), decision=st.sampled_from(["keep", "discard"]))
    def add(self, id_: str, decision: str) -> None:
        self.change("add", id_, decision=decision)

    @rule(id_=st.sampled_from(IDS), decision=st.sampled_from(["keep", "discard"]))
    def remove(self, id_: str, decision: str) -> None:
        self.change("remove", id_, decision=decision)

    @rule(text=st.sampled_from(["One thing", "Another thing", "A third"]))
    def describe(self, text: str) -> None:
        self.change("set", f"description={text}", decision="keep")

    @rule(decision=st.sampled_from(["keep", "discard"]))
    def update(self, decision: str) -> None:
        at = VERSIONS.index(self.recorded["_commit"])
        assume(at + 1 < len(VERSIONS))
        self.change("update", "--to", VERSIONS[at + 1], decision=decision)

    @rule(id_=st.sampled_from(IDS))
    def add_and_remove(self, id_: str) -> None:
        before = files(self.project)
        assume(not any(id_ in value for value in self.recorded.values()))
        outcome = self.change("add", id_, decision="keep", resolve=False)
        if outcome == 0:
            outcome = self.change("remove", id_, decision="keep", resolve=False)
        if outcome == 0:
            assert files(self.project) == before

    @precondition(lambda self: not self.touched)
    @rule(order=st.permutations(["csv", "inference", "trees", "nets"]))
    def add_in_any_order(self, order: list[str]) -> None:
        copy = self.project.with_name("copy")
        shutil.copytree(self.project, copy)
        for id_ in order:
            self.say("add", id_, "--yes", "--project", str(copy))
            run("git", "add", "--all", cwd=copy)
            run("git", "commit", "--quiet", "--allow-empty", "-m", id_, cwd=copy)
        self.change("add", *sorted(order), decision="keep")
        assert files(copy) == files(self.project)
        shutil.rmtree(copy)

    # ---- What always holds ----

    @invariant()
    def every_line_of_the_person_is_there(self) -> None:
        if hasattr(self, "own"):
            there = self.lines()
            assert self.own <= there, self.own - there

    @invariant()
    def an_unedited_project_is_as_if_generated_anew(self) -> None:
        if not hasattr(self, "own") or self.touched:
            return
        key = (self.project / ANSWERS).read_text()
        if key not in self.anew:
            anew = self.project.with_name("anew")
            answers = {k: v for k, v in self.recorded.items() if not k.startswith("_")}
            data = [
                word
                for key, value in answers.items()
                for word in ("-d", f"{key}={','.join(value) if isinstance(value, list) else value}")
            ]
            words = ["--template", str(self.template), "--ref", self.recorded["_commit"]]
            self.say("new", str(anew), "--yes", "--no-git", *words, *data)
            self.anew[key] = files(anew)
            shutil.rmtree(anew)
        assert self.anew[key] == files(self.project)

    @invariant()
    def the_code_compiles_unless_the_person_broke_it(self) -> None:
        if hasattr(self, "own") and not self.touched:
            for path, content in files(self.project).items():
                if path.endswith(".py"):
                    compile(content, path, "exec")

    @precondition(lambda self: hasattr(self, "own"))
    @rule()
    def check_tells_the_truth(self) -> None:
        code, told = self.say("check", "--json", "--project", str(self.project), fails=True)
        found = {item["kind"] for item in told["findings"]}
        assert code == 0
        assert told["sound"]
        assert ("behind" in found) == (self.recorded["_commit"] != VERSIONS[-1])
        assert told["newest"] == VERSIONS[-1]
        if not self.touched:
            assert found <= {"behind"}

    # ---- Means ----

    @property
    def recorded(self) -> dict[str, Any]:
        import yaml

        stated: dict[str, Any] = yaml.safe_load((self.project / ANSWERS).read_text())
        return stated

    def line(self) -> str:
        self.count += 1
        line = f"# a person's line, number {self.count}"
        self.own.add(line)
        return line

    def lines(self) -> set[str]:
        return {
            line.strip()
            for content in files(self.project).values()
            for line in content.decode("utf-8", "replace").splitlines()
        }

    def some_text(self, chance: Any) -> tuple[str, list[str]]:
        paths = [
            path
            for path, content in files(self.project).items()
            if b"\0" not in content and path not in {ANSWERS, ".gitignore"}
        ]
        path = chance.choice(sorted(paths))
        return path, (self.project / path).read_text(encoding="utf-8").splitlines()

    def edit(self, path: str, lines: list[str]) -> None:
        (self.project / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        self.commit()

    def commit(self) -> None:
        self.touched = True
        run("git", "add", "--all", cwd=self.project)
        run("git", "commit", "--quiet", "--allow-empty", "-m", "edit", cwd=self.project)

    def say(self, *words: str, fails: bool = False) -> tuple[int, dict[str, Any]]:
        self.capture.readouterr()
        code = main([*words])
        printed = self.capture.readouterr()
        assert fails or code == 0, (words, printed)
        assert code in {0, 1, 2}
        assert "unexpected" not in printed.err, printed.err
        return code, json.loads(printed.out) if "--json" in words and code != 2 else {}

    def change(self, *words: str, decision: str, resolve: bool = True) -> int:
        """Change the project, and commit it; conflicts are solved or undone."""
        before, own = files(self.project), set(self.own)
        where = ("--project", str(self.project))
        shadow = Path(shutil.copytree(self.project, self.project.with_name("shadow")))
        code, told = self.say(*words, "--yes", "--json", f"--{decision}-edited", *where, fails=True)
        if code == 2:
            assert files(self.project) == before
            shutil.rmtree(shadow)
            return code
        self.compare(told, shadow)
        if decision == "discard":  # what is reported is not lost in silence
            for path in told["edited_and_removed"]:
                text = before[path].decode("utf-8", "replace")
                self.own -= {line.strip() for line in text.splitlines()}
        if code == 1:
            assert told["conflicts"]
            assert self.own <= self.lines()
            if not resolve or self.count % 2:
                self.say("update", "--abort", *where)
                self.own = own
                assert files(self.project) == before
                assert not run("git", "status", "--porcelain", cwd=self.project)
                return code
            self.solve(told["conflicts"])
            self.say("update", "--continue", *where)
        run("git", "add", "--all", cwd=self.project)
        run("git", "commit", "--quiet", "--allow-empty", "-m", " ".join(words), cwd=self.project)
        return code

    def compare(self, told: dict[str, Any], shadow: Path) -> None:
        """Hold a change that loses nothing by Copier either against what Copier makes of it."""
        alike = not (told["edited_and_removed"] or told["moved"] or told["notes"])
        if alike and told["files"] and self.count % 3 == 0:
            gone = {path for path in OWNED if not (shadow / path).exists()} | {"data/sample.bin"}
            run(*shlex.split(told["copier"]), "--quiet", cwd=shadow)
            theirs = {path: file for path, file in files(shadow).items() if path not in gone}
            mine = {path: file for path, file in files(self.project).items() if path not in gone}
            assert theirs == mine
        shutil.rmtree(shadow)

    def solve(self, paths: list[str]) -> None:
        """Keep both sides of every conflict."""
        signs = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")
        for path in paths:
            file = self.project / path
            kept = [
                line
                for line in file.read_text(encoding="utf-8").splitlines()
                if not line.startswith(signs)
            ]
            file.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


@pytest.fixture
def histories(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> type[Histories]:
    Histories.template = small(tmp_path_factory.mktemp("small") / "template").path
    Histories.capture = capsys
    return Histories


@pytest.mark.parametrize("share", range(SHARES))
def test_lose_nothing(histories: type[Histories], share: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    chosen = (SEED + share) % 2**32
    print(f"OVERTURE_SEED={chosen} OVERTURE_STEPS={STEPS}")  # the first share repeats this one
    run_state_machine_as_test(
        seed(chosen)(type("Histories", (histories,), {})),
        settings=settings(
            max_examples=max(1, STEPS // SHARES // LENGTH),
            stateful_step_count=LENGTH,
            deadline=None,
            database=None,
            print_blob=True,
            phases=[Phase.generate],  # each step takes half a second: nothing is shrunk
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_small_template_is_one(tmp_path: Path) -> None:
    made = small(tmp_path / "template")
    assert Interview.load(made.path).families
    assert made.git("tag", "--list").splitlines() == list(VERSIONS)
