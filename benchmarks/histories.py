"""The same histories of a project by Overture, plain Copier and cruft: what is lost, and the time.

Each history is told on a small template with three versions, the one that the tests use. For cruft,
which reads cookiecutter's templates, its renderings become such a template.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lifecycle.small import small  # noqa: E402

BIN = Path(sys.executable).parent
VERSIONS = ("0.1.0", "0.2.0", "0.3.0")
CHOSEN = {
    "project_name": "small",
    "tasks": ["regression"],
    "models": ["linear", "trees"],
    "datasets": ["parquet"],
    "jobs": ["training"],
    "trackers": [],
    "extras": [],
}
MINE = "# mine"
TREES = "src/small/models/trees.py"
ANSWERS = ".copier-answers.yml"
ROUNDS = 3


@dataclass(frozen=True)
class History:
    """What a person does to a project, and then asks of the tool.

    Attributes:
        name: What it is about.
        edit: What the person does.
        to: The version to update to; none if it stays.
        data: The answers to change.
    """

    name: str
    edit: Callable[[Path], None]
    to: str | None = None
    data: Mapping[str, str] | None = None


def append(*paths: str) -> Callable[[Path], None]:
    """Return an edit that appends a line of the person's to files."""

    def edit(project: Path) -> None:
        for path in paths:
            with (project / path).open("a", encoding="utf-8") as file:
                file.write(f"{MINE} {path}\n")

    return edit


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Return an edit that replaces a text of a file."""

    def edit(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        (project / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def ignore(project: Path) -> None:
    """Edit a file of the template's that git does not track."""
    run("git", "rm", "--quiet", "--cached", TREES, cwd=project)
    replace(".gitignore", "runs/", "runs/\ntrees.py")(project)
    replace(TREES, "VALUE_3 = 3", MINE)(project)


def replace_sample(project: Path) -> None:
    """Replace a binary file of the template's."""
    (project / "data/sample.bin").write_bytes(f"\0\n{MINE} bytes\n".encode())


def forget(project: Path) -> None:
    """Take a component out of the answers by hand."""
    replace(ANSWERS, "- trees\n", "")(project)


HISTORIES = (
    History("a component goes whose file was edited", append(TREES), data={"models": "[linear]"}),
    History("an edited file moves", append("src/small/scoring.py"), to="0.2.0"),
    History("an edited file goes", append("src/small/going.py"), to="0.3.0"),
    History("an edited binary file changes", replace_sample, to="0.2.0"),
    History("an edited, ignored file changes", ignore, to="0.2.0"),
    History(
        "a further dependency, and a component comes",
        replace("pyproject.toml", "  # further ones\n", f"  # further ones\n  {MINE}\n"),
        data={"datasets": "[parquet, csv]"},
    ),
    History("README and configuration edited", append("README.md", "confs/training.yaml"), "0.3.0"),
    History(
        "one line changed on both sides",
        replace("README.md", "Read this first.", MINE),
        to="0.2.0",
    ),
    History("the answers file edited by hand", forget, to="0.2.0"),
    History("a misspelt answer", lambda _: None, data={"modles": "[linear]"}),
)


@dataclass(frozen=True)
class Outcome:
    """What a tool made of a history.

    Attributes:
        code: Its exit code.
        conflicts: In how many files it marked conflicts.
        lost: How many lines of the person's are gone, in files that it did not name.
        stray: How many files of the template's are missing or left over, for what it recorded.
        seconds: How long it took.
    """

    code: int
    conflicts: int
    lost: int
    stray: int
    seconds: float


def run(*words: str | Path, cwd: Path) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(word) for word in words], cwd=cwd, check=True, capture_output=True)


def overture(history: History) -> list[str]:
    """Return how Overture is asked for it."""
    if history.to:
        return [str(BIN / "overture"), "update", "--yes", "--to", history.to]
    data = history.data or {}
    pairs = [f"{key}={value.strip('[]').replace(', ', ',')}" for key, value in data.items()]
    return [str(BIN / "overture"), "set", "--yes", *pairs]


def copier(history: History) -> list[str]:
    """Return how Copier is asked for it."""
    pairs = [f"--data={key}={value}" for key, value in (history.data or {}).items()]
    version = history.to or ":current:"
    return [str(BIN / "copier"), "update", "--defaults", "--vcs-ref", version, *pairs]


def cruft(history: History) -> list[str] | None:
    """Return how cruft is asked for it; nothing if it cannot."""
    if history.edit is forget or (history.data and "models" not in history.data):
        return None
    words = ["cruft", "update", "--skip-apply-ask", "--checkout", history.to or VERSIONS[0]]
    if history.data:
        words += ["--variables-to-update", json.dumps({"trees": "no"})]
    return words


def told(command: list[str], history: History, pristine: Path, template: Path | None) -> Outcome:
    """Tell a history on a copy of a project."""
    with TemporaryDirectory() as folder:
        project = Path(folder) / "small"
        shutil.copytree(pristine, project)
        history.edit(project)
        mine = lines(project)
        run("git", "add", "--all", cwd=project)
        run("git", "commit", "--quiet", "--allow-empty", "-m", "Edit", cwd=project)
        began = time.perf_counter()
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - began
        printed = done.stdout + done.stderr
        there = "\n".join(text(path) for path in tree(project))
        lost = [line for line, path in mine.items() if line not in there and path not in printed]
        marked = [path for path in tree(project) if "<<<<<<< " in text(path)]
        rejected = [path for path in tree(project) if path.suffix == ".rej"]
        stray = strays(project, template) if template else 0
        return Outcome(done.returncode, len(marked) + len(rejected), len(lost), stray, seconds)


def lines(project: Path) -> dict[str, str]:
    """Return the lines of the person's, with the files they are in."""
    return {
        line: path.relative_to(project).as_posix()
        for path in tree(project)
        for line in text(path).splitlines()
        if MINE in line
    }


def tree(project: Path) -> list[Path]:
    """Return every file of a project, its history apart."""
    found = (path for path in project.rglob("*") if path.is_file())
    return [path for path in found if ".git" not in path.relative_to(project).parts]


def text(path: Path) -> str:
    """Return what a file holds."""
    return path.read_text(encoding="utf-8", errors="replace")


def strays(project: Path, template: Path) -> int:
    """Count the files that a new project of the same answers has not, or has besides."""
    answers = (project / ANSWERS).read_text(encoding="utf-8")
    version = re.search(r"^_commit: (\S+)", answers, re.MULTILINE)
    assert version
    with TemporaryDirectory() as folder:
        anew = Path(folder) / "small"
        given = Path(folder) / "answers.yml"
        stated = [line for line in answers.splitlines() if not line.startswith(("_", "#"))]
        given.write_text("\n".join(stated), encoding="utf-8")
        words = ("--quiet", "--defaults", "--vcs-ref", version[1], "--data-file", given)
        run(BIN / "copier", "copy", *words, template, anew, cwd=Path(folder))
        names = [
            {path.relative_to(root).as_posix() for path in tree(root)} for root in (project, anew)
        ]
        return len(names[0] ^ names[1])


def cookiecutter_template(template: Path, folder: Path) -> Path:
    """Make a template for cookiecutter of the renderings of every version."""
    made = folder / "cookie"
    made.mkdir()
    run("git", "init", "--quiet", cwd=made)
    body = made / "{{cookiecutter.project_name}}"
    for version in VERSIONS:
        shutil.rmtree(body, ignore_errors=True)
        render(template, body, version)
        (body / ANSWERS).unlink()
        stated = {"project_name": "small", "trees": ["yes", "no"]}
        (made / "cookiecutter.json").write_text(json.dumps(stated), encoding="utf-8")
        (made / "hooks").mkdir(exist_ok=True)
        hook = f'import os\nif "{{{{cookiecutter.trees}}}}" == "no":\n    os.remove("{TREES}")\n'
        (made / "hooks/post_gen_project.py").write_text(hook, encoding="utf-8")
        run("git", "add", "--all", "--force", cwd=made)
        run("git", "commit", "--quiet", "-m", version, cwd=made)
        run("git", "tag", version, cwd=made)
    return made


def render(template: Path, target: Path, version: str) -> None:
    """Make a project of a version."""
    written = {key: ",".join(v) if isinstance(v, list) else v for key, v in CHOSEN.items()}
    data = [word for pair in written.items() for word in ("--data", "=".join(pair))]
    words = ("--template", template, "--ref", version, "--yes", *data)
    run(BIN / "overture", "new", target, *words, cwd=target.parent)


def told_by_all(peers: Path) -> str:
    """Tell every history by every tool, and return a Markdown table."""
    os.environ |= {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org"}
    os.environ |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org"}
    with TemporaryDirectory() as name:
        folder = Path(name)
        template = small(folder / "template").path
        render(template, folder / "small", VERSIONS[0])
        cookie = cookiecutter_template(template, folder)
        (folder / "crufted").mkdir()
        words = ("create", cookie, "--no-input", "--checkout", VERSIONS[0])
        run(peers / "cruft", *words, cwd=folder / "crufted")
        crufted = folder / "crufted/small"
        run("git", "init", "--quiet", cwd=crufted)
        run("git", "add", "--all", "--force", cwd=crufted)
        run("git", "commit", "--quiet", "-m", "Start", cwd=crufted)
        rows = [
            "| history | tool | exit | conflicts | lines lost in silence | stray files | seconds |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        ]
        for history in HISTORIES:
            asked = cruft(history)
            tools = {
                "overture": (overture(history), folder / "small", template),
                "copier": (copier(history), folder / "small", template),
                "cruft": (asked and [str(peers / "cruft"), *asked[1:]], crufted, None),
            }
            for tool, (command, pristine, source) in tools.items():
                title = history.name if tool == "overture" else ""
                if command is None:
                    rows.append(f"| {title} | {tool} | cannot | | | | |")
                    continue
                found = [told(command, history, pristine, source) for _ in range(ROUNDS)]
                first = found[0]
                stray = "" if source is None else str(first.stray)
                seconds = median(outcome.seconds for outcome in found)
                numbers = f"{first.code} | {first.conflicts} | {first.lost} | {stray}"
                rows.append(f"| {title} | {tool} | {numbers} | {seconds:.2f} |")
        return "\n".join(rows)


if __name__ == "__main__":
    print(told_by_all(Path(sys.argv[1])))
