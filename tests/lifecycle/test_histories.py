"""Random histories of a project: no edit is lost, whatever changes in whatever order.

A state machine edits, adds, removes, sets and updates across versions, and checks invariants of the
project after every step. `make nightly` runs 10,000 steps from a random seed.
"""

import hashlib
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, assume, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from lifecycle.small import small
from lifecycle.user import ANSWERS, VERSIONS, User
from rendering import files, run

from overture.template.interview import Interview

pytestmark = pytest.mark.generic

STEPS = int(os.environ.get("OVERTURE_STEPS", "100"))
SEED = int(os.environ.get("OVERTURE_SEED", "0"))
SHARES = max(5, STEPS // 200)  # which run in parallel, and show the progress of a long run
LENGTH = 20
MOVED = {"src/small/scoring.py": "src/small/measure/scoring.py"}
FAMILIES = {
    "models": ["linear", "trees", "nets", "deep", "forest"],
    "datasets": ["parquet", "csv"],
    "jobs": ["training", "inference"],
    "trackers": ["diary"],
    "extras": ["docs"],
    "tasks": ["regression", "classification"],
}
OWNED = ("src/small/schemas/regression.py", "src/small/schemas/classification.py")
IDS = [id_ for ids in FAMILIES.values() for id_ in ids]


class Histories(User):
    """A project that the user and the command change, and its invariants."""

    fresh: ClassVar[dict[str, dict[str, bytes]]] = {}
    sound: ClassVar[set[str]] = set()  # the hashes of sources that were linted and imported

    # ---- Commands ----

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

    def change(self, *words: str, decision: str, resolve: bool = True) -> int:
        """Change the project, and commit it; conflicts are resolved, or the change is aborted."""
        before, own = files(self.project), set(self.own)
        where = ("--project", str(self.project))
        shadow = Path(shutil.copytree(self.project, self.project.with_name("shadow")))
        code, output = self.say(
            *words, "--yes", "--json", f"--{decision}-edited", *where, fails=True
        )
        if code == 2:
            assert files(self.project) == before
            shutil.rmtree(shadow)
            return code
        self.compare(output, shadow)
        if decision == "discard":  # reported edits are not lost silently
            for path in output["edited_and_removed"]:
                text = before[path].decode("utf-8", "replace")
                self.own -= {line.strip() for line in text.splitlines()}
        if code == 4:
            assert output["conflicts"]
            assert self.own <= self.lines()
            if not resolve or self.count % 2:
                self.say("update", "--abort", *where)
                self.own = own
                assert files(self.project) == before
                assert not run("git", "status", "--porcelain", cwd=self.project)
                return code
            self.solve(output["conflicts"])
            self.broken = True
            self.say("update", "--continue", *where)
        run("git", "add", "--all", cwd=self.project)
        run("git", "commit", "--quiet", "--allow-empty", "-m", " ".join(words), cwd=self.project)
        return code

    def compare(self, output: dict[str, Any], shadow: Path) -> None:
        """Compare a change in which Copier loses nothing either with the result of Copier."""
        alike = not (
            output["edited_and_removed"] or output["moved"] or output["notes"] or self.ignoring
        )
        if alike and output["files"] and self.count % 3 == 0:
            gone = {path for path in OWNED if not (shadow / path).exists()} | {"data/sample.bin"}
            run(*shlex.split(output["copier"]), "--quiet", cwd=shadow)
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

    # ---- Invariants ----

    @invariant()
    def every_line_of_the_user_is_there(self) -> None:
        if hasattr(self, "own"):
            there = self.lines()
            assert self.own <= there, self.own - there

    @invariant()
    def an_unedited_project_equals_a_new_one(self) -> None:
        if not hasattr(self, "own") or self.touched:
            return
        assert self.generated() == files(self.project)

    def generated(self) -> dict[str, bytes]:
        """Return the files that a new project with the same answers has."""
        key = (self.project / ANSWERS).read_text()
        if key not in self.fresh:
            fresh = self.project.with_name("fresh")
            answers = {k: v for k, v in self.recorded.items() if not k.startswith("_")}
            data = [
                word
                for key, value in answers.items()
                for word in ("-d", f"{key}={','.join(value) if isinstance(value, list) else value}")
            ]
            words = ["--template", str(self.template), "--ref", self.recorded["_commit"]]
            self.say("new", str(fresh), "--yes", "--no-git", "--no-lock", *words, *data)
            self.fresh[key] = files(fresh)
            shutil.rmtree(fresh)
        return self.fresh[key]

    @invariant()
    def the_code_lints_and_imports_unless_the_user_broke_it(self) -> None:
        if not hasattr(self, "own") or self.broken:
            return
        sources = {path: text for path, text in files(self.project).items() if path[-3:] == ".py"}
        key = hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()
        if key in self.sound:
            return
        lint = ("check", "--isolated", "--no-cache", "--select", "E9,F")  # errors only, no style
        run("ruff", *lint, *sources, cwd=self.project)
        modules = [
            path[len("src/") : -len(".py")].removesuffix("/__init__").replace("/", ".")
            for path in sources
            if path.startswith("src/")
        ]
        code = "; ".join(f"import {module}" for module in modules)
        env = {**os.environ, "PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"}
        run(sys.executable, "-c", code, cwd=self.project, env=env)
        self.sound.add(key)

    @precondition(lambda self: hasattr(self, "own"))
    @rule()
    def check_reports_the_state(self) -> None:
        code, output = self.say("check", "--json", "--project", str(self.project), fails=True)
        found = {item["kind"] for item in output["findings"]}
        assert code == 0
        assert output["sound"]
        assert ("behind" in found) == (self.recorded["_commit"] != VERSIONS[-1])
        assert output["newest"] == VERSIONS[-1]
        there = files(self.project)
        rendered = {path: file for path, file in self.generated().items() if path != ANSWERS}
        managed = [path for path in rendered if path not in OWNED]
        assert self.named(output, "edited") == {
            path for path in managed if path in there and there[path] != rendered[path]
        }
        assert self.named(output, "deleted") == {path for path in managed if path not in there}
        words = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard")
        ignored = {*run("git", *words, cwd=self.project).split("\0")}
        assert self.named(output, "ignore") >= ignored & rendered.keys()
        assert found <= {"behind", "drifted", "ignored"}
        if not self.touched:
            assert found <= {"behind"}

    def named(self, output: dict[str, Any], word: str) -> set[str]:
        """Return the files of the findings whose message contains a word."""
        return {
            path for item in output["findings"] if word in item["message"] for path in item["paths"]
        }


@pytest.fixture
def histories(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> type[Histories]:
    Histories.template = small(tmp_path_factory.mktemp("small") / "template").path
    Histories.capture = capsys
    return Histories


def walk(machine: type[RuleBasedStateMachine], chosen: int) -> None:
    """Run steps from a seed; a failure states how to repeat them."""
    from hypothesis.stateful import run_state_machine_as_test

    try:
        run_state_machine_as_test(
            seed(chosen)(type("Histories", (machine,), {})),
            settings=settings(
                max_examples=max(1, STEPS // SHARES // LENGTH),
                stateful_step_count=LENGTH,
                deadline=None,
                database=None,
                phases=[Phase.generate],  # a step takes half a second, so failures are not shrunk
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception as error:
        again = f"OVERTURE_SEED={chosen} OVERTURE_STEPS={STEPS}"  # share 0 repeats this run
        error.add_note(f"To repeat: {again} pytest -k 'lose_nothing and 0' {__file__}")
        raise


@pytest.mark.histories
@pytest.mark.parametrize("share", range(SHARES))
def test_lose_nothing(histories: type[Histories], share: int) -> None:
    walk(histories, (SEED + share) % 2**32)


def test_a_failure_reports_its_seed() -> None:
    class Broken(RuleBasedStateMachine):
        @rule()
        def fail(self) -> None:
            raise LookupError

    with pytest.raises(LookupError) as failure:
        walk(Broken, 7)
    assert any("OVERTURE_SEED=7 " in note for note in failure.value.__notes__)


def test_the_small_template_is_valid(tmp_path: Path) -> None:
    made = small(tmp_path / "template")
    assert Interview.load(made.path).families
    assert made.git("tag", "--list").splitlines() == list(VERSIONS)
