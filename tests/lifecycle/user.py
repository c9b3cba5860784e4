"""A user who edits a project, as a state machine that remembers the edits."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from rendering import files, run

from overture.cli import main

ANSWERS = ".copier-answers.yml"
VERSIONS = ("0.1.0", "0.2.0", "0.3.0")
START = {
    "project_name": "small",
    "tasks": "regression",
    "models": "linear",
    "datasets": "parquet",
    "jobs": "training",
    "trackers": "",
    "extras": "",
}


class User(RuleBasedStateMachine):
    """Creates a project of the small template, edits it, and remembers each line."""

    template: Path
    capture: pytest.CaptureFixture[str]

    @initialize()
    def start(self) -> None:
        self.folder = TemporaryDirectory()
        self.project = Path(self.folder.name).resolve() / "project"
        data = [word for pair in START.items() for word in ("--data", "=".join(pair))]
        words = ["--template", str(self.template), "--ref", VERSIONS[0], "--yes", *data]
        self.say("new", str(self.project), "--no-lock", *words)
        self.own: set[str] = set()  # lines that the user wrote
        self.count = 0
        self.touched = False  # whether any file was edited
        self.broken = False  # whether an edit may have broken the code
        self.ignoring = False  # whether git may ignore rendered files

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    # ---- Edits ----

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
        self.broken = True

    @rule(chance=st.randoms(use_true_random=False))
    def delete_a_line(self, chance: Any) -> None:
        path, lines = self.some_text(chance)
        assume(lines)
        gone = lines.pop(chance.randrange(len(lines)))
        self.own.discard(gone.strip())
        self.edit(path, lines)
        self.broken = True

    @rule(chance=st.randoms(use_true_random=False))
    def delete_a_file(self, chance: Any) -> None:
        path, lines = self.some_text(chance)
        assume(path != "README.md")
        self.own -= {line.strip() for line in lines}
        (self.project / path).unlink()
        self.commit()
        self.broken = True

    @rule(chance=st.randoms(use_true_random=False))
    def rename_a_file(self, chance: Any) -> None:
        path, _ = self.some_text(chance)
        self.count += 1
        target = self.project / f"renamed/file_{self.count}.py"
        target.parent.mkdir(exist_ok=True)
        (self.project / path).rename(target)
        self.commit()
        self.broken = True

    @rule(name=st.sampled_from(["src/small/own.py", "src/small/coming.py", "notes.md", "b/c.txt"]))
    def write_a_file(self, name: str) -> None:
        path = self.project / name
        assume(not path.exists())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{self.line()}\n", encoding="utf-8")
        self.commit()

    @rule(pattern=st.sampled_from(["handbook.md", "*.bin", "/src/small/models/n*", "notes.md"]))
    def ignore_files(self, pattern: str) -> None:
        path = self.project / ".gitignore"
        assume(path.exists() and pattern not in self.own)
        self.own.add(pattern)
        self.edit(".gitignore", [*path.read_text(encoding="utf-8").splitlines(), pattern])
        self.ignoring = True

    @rule()
    def replace_the_sample(self) -> None:
        path = self.project / "data/sample.bin"
        assume(path.exists())
        self.count += 1
        path.write_bytes(b"\0mine %d" % self.count)
        self.commit()

    # ---- Helpers ----

    @property
    def recorded(self) -> dict[str, Any]:
        stated: dict[str, Any] = yaml.safe_load((self.project / ANSWERS).read_text())
        return stated

    def line(self) -> str:
        self.count += 1
        line = f"# a user's line, number {self.count}"
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
            if b"\0" not in content and path != ANSWERS
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
        assert code in {0, 2, 3, 4}
        assert "unexpected" not in printed.err, printed.err
        return code, json.loads(printed.out) if "--json" in words and code != 2 else {}
