"""The histories that `histories.py` compares: an edit by the user, and a change by a tool."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

MINE = "# mine"
TREES = "src/small/models/trees.py"
ANSWERS = ".copier-answers.yml"


def run(*words: str | Path, cwd: Path) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(word) for word in words], cwd=cwd, check=True, capture_output=True)


@dataclass(frozen=True)
class History:
    """An edit of a project by its user, and the change that a tool makes then.

    Attributes:
        name: The description in the table.
        edit: The user's edit.
        to: The version to update to; none to keep the version.
        data: The answers to change.
        later: What the user does after committing the edit.
    """

    name: str
    edit: Callable[[Path], None]
    to: str | None = None
    data: Mapping[str, str] | None = None
    later: Callable[[Path], None] = lambda _: None


def append(*paths: str) -> Callable[[Path], None]:
    """Return an edit that appends a line to files."""

    def edit(project: Path) -> None:
        for path in paths:
            with (project / path).open("a", encoding="utf-8") as file:
                file.write(f"{MINE} {path}\n")

    return edit


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Return an edit that replaces text in a file."""

    def edit(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        (project / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def ignore(project: Path) -> None:
    """Edit a file of the template that git does not track."""
    run("git", "rm", "--quiet", "--cached", TREES, cwd=project)
    replace(".gitignore", "runs/", "runs/\ntrees.py")(project)
    replace(TREES, "VALUE_3 = 3", MINE)(project)


def replace_sample(project: Path) -> None:
    """Replace a binary file of the template."""
    (project / "data/sample.bin").write_bytes(f"\0\n{MINE} bytes\n".encode())


def forget(project: Path) -> None:
    """Remove a component from the answers file by hand."""
    replace(ANSWERS, "- trees\n", "")(project)


def configure(*pairs: str) -> Callable[[Path], None]:
    """Return an edit of two files, in a repository with settings of git."""

    def edit(project: Path) -> None:
        for pair in pairs:
            run("git", "config", *pair.split("=", 1), cwd=project)
        for path in ("README.md", "pyproject.toml"):
            with (project / path).open("a", encoding="utf-8") as file:
                file.write(f"{MINE} {path}  \n")

    return edit


def check_out_with_crlf(project: Path) -> None:
    """Replace the line endings of the work tree, as a clone on Windows has them."""
    run("git", "config", "core.autocrlf", "true", cwd=project)
    run("git", "rm", "--quiet", "-r", "--cached", ".", cwd=project)
    run("git", "reset", "--quiet", "--hard", cwd=project)
    append("README.md")(project)
    content = (project / "README.md").read_bytes().replace(b"\r\n", b"\n")
    (project / "README.md").write_bytes(content.replace(b"\n", b"\r\n"))


def leave_untracked(project: Path) -> None:
    """Leave a file beside the project's that git does not track."""
    (project / "uv.lock").write_text(f"{MINE} lock\n", encoding="utf-8")


HISTORIES = (
    History(
        "a component with an edited file is removed", append(TREES), data={"models": "[linear]"}
    ),
    History("an edited file is moved", append("src/small/scoring.py"), to="0.2.0"),
    History("an edited file is removed", append("src/small/going.py"), to="0.3.0"),
    History("an edited binary file is changed", replace_sample, to="0.2.0"),
    History("an edited, ignored file is changed", ignore, to="0.2.0"),
    History(
        "a dependency and a component are added",
        replace("pyproject.toml", "  # further ones\n", f"  # further ones\n  {MINE}\n"),
        data={"datasets": "[parquet, csv]"},
    ),
    History(
        "README and configuration are edited", append("README.md", "confs/training.yaml"), "0.3.0"
    ),
    History(
        "one line is changed on both sides",
        replace("README.md", "Read this first.", MINE),
        to="0.2.0",
    ),
    History("the answers file is edited by hand", forget, to="0.2.0"),
    History(
        "git is configured to reject trailing blanks",
        configure("apply.whitespace=error"),
        data={"description": "Another"},
    ),
    History(
        "the work tree has other line endings", check_out_with_crlf, data={"description": "Another"}
    ),
    History(
        "a file that git does not track lies beside them",
        append("README.md"),
        data={"description": "Another"},
        later=leave_untracked,
    ),
    History("a misspelled answer", lambda _: None, data={"modles": "[linear]"}),
)
