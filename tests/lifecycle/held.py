"""A project of the small template, which a test changes with the command."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rendering import run

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
OWNED = "src/small/schemas/regression.py"


@dataclass(frozen=True)
class Done:
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The printed JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Held:
    """A project that a test changes."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def overture(self, *words: str | Path) -> Done:
        """Run the command for the project, in this process."""
        return self.run(words[0], "--project", self.root, *words[1:])

    def run(self, *words: str | Path) -> Done:
        """Run the command, in this process."""
        self.capture.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        printed = self.capture.readouterr()
        return Done(code, printed.out, printed.err)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text in a file, and commit it."""
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
        """Return the output of `git status`."""
        return run("git", "status", "--porcelain", cwd=self.root)
