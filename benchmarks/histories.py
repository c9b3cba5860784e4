"""Changes edited projects with Overture, plain Copier and cruft, and compares losses and time.

Each history uses the small template of the tests, which has three versions. For cruft, which reads
cookiecutter templates, its renderings are converted to one.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from edits import ANSWERS, HISTORIES, MINE, TREES, History, forget, run  # noqa: E402
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
ROUNDS = 3


@dataclass(frozen=True)
class Outcome:
    """The result of a tool for a history.

    Attributes:
        code: Its exit code.
        conflicts: The number of files with conflicts.
        lost: The number of the user's lines that were lost, in files that it did not report.
        stray: The number of missing or leftover files of the template, given the recorded answers.
        seconds: The duration.
    """

    code: int
    conflicts: int
    lost: int
    stray: int
    seconds: float


def overture(history: History) -> list[str]:
    """Return the command of Overture for a history."""
    if history.to:
        return [str(BIN / "overture"), "update", "--yes", "--to", history.to]
    data = history.data or {}
    pairs = [f"{key}={value.strip('[]').replace(', ', ',')}" for key, value in data.items()]
    return [str(BIN / "overture"), "set", "--yes", *pairs]


def copier(history: History) -> list[str]:
    """Return the command of Copier for a history."""
    pairs = [f"--data={key}={value}" for key, value in (history.data or {}).items()]
    version = history.to or ":current:"
    return [str(BIN / "copier"), "update", "--defaults", "--vcs-ref", version, *pairs]


def cruft(history: History) -> list[str] | None:
    """Return the command of cruft for a history; none if it cannot do it."""
    if history.edit is forget or (history.data and "models" not in history.data):
        return None
    words = ["cruft", "update", "--skip-apply-ask", "--checkout", history.to or VERSIONS[0]]
    if history.data:
        words += ["--variables-to-update", json.dumps({"trees": "no"})]
    return words


def outcome_of(
    command: list[str], history: History, pristine: Path, template: Path | None
) -> Outcome:
    """Run a history on a copy of a project."""
    with TemporaryDirectory() as folder:
        project = Path(folder) / "small"
        shutil.copytree(pristine, project)
        history.edit(project)
        mine = lines(project)
        run("git", "add", "--all", cwd=project)
        run("git", "commit", "--quiet", "--allow-empty", "-m", "Edit", cwd=project)
        history.later(project)
        own = untracked(project)
        began = time.perf_counter()
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - began
        printed = done.stdout + done.stderr
        there = "\n".join(text(path) for path in tree(project))
        lost = [line for line, path in mine.items() if line not in there and path not in printed]
        marked = [path for path in tree(project) if "<<<<<<< " in text(path)]
        rejected = [path for path in tree(project) if path.suffix == ".rej"]
        stray = strays(project, template, own) if template else 0
        return Outcome(done.returncode, len(marked) + len(rejected), len(lost), stray, seconds)


def lines(project: Path) -> dict[str, str]:
    """Return the user's lines, each with its file."""
    return {
        line: path.relative_to(project).as_posix()
        for path in tree(project)
        for line in text(path).splitlines()
        if MINE in line
    }


def tree(project: Path) -> list[Path]:
    """Return every file of a project, except its git history."""
    found = (path for path in project.rglob("*") if path.is_file())
    return [path for path in found if ".git" not in path.relative_to(project).parts]


def text(path: Path) -> str:
    """Return the text of a file."""
    return path.read_text(encoding="utf-8", errors="replace")


def untracked(project: Path) -> set[str]:
    """Return the files that git neither tracks nor ignores: the user's own."""
    words = ("git", "ls-files", "--others", "--exclude-standard")
    done = subprocess.run(words, cwd=project, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def strays(project: Path, template: Path, own: set[str]) -> int:
    """Count the files that only one of a project and a new one with the same answers has.

    Args:
        project: The project.
        template: Its template.
        own: Files of the user, which do not count.
    """
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
        return len((names[0] ^ names[1]) - own)


def cookiecutter_template(template: Path, folder: Path) -> Path:
    """Create a cookiecutter template from the renderings of every version."""
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
    """Generate a project from a version."""
    written = {key: ",".join(v) if isinstance(v, list) else v for key, v in CHOSEN.items()}
    data = [word for pair in written.items() for word in ("--data", "=".join(pair))]
    words = ("--template", template, "--ref", version, "--yes", "--no-lock", *data)
    run(BIN / "overture", "new", target, *words, cwd=target.parent)


def compare_tools(peers: Path) -> str:
    """Run every history with every tool, and return a Markdown table."""
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
            "| history | tool | exit | conflicts | lines lost silently | stray files | seconds |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        ]
        for history in HISTORIES:
            crufts = cruft(history)
            tools = {
                "overture": (overture(history), folder / "small", template),
                "copier": (copier(history), folder / "small", template),
                "cruft": (crufts and [str(peers / "cruft"), *crufts[1:]], crufted, None),
            }
            for tool, (command, pristine, source) in tools.items():
                title = history.name if tool == "overture" else ""
                if command is None:
                    rows.append(f"| {title} | {tool} | cannot | | | | |")
                    continue
                found = [outcome_of(command, history, pristine, source) for _ in range(ROUNDS)]
                first = found[0]
                stray = "" if source is None else str(first.stray)
                seconds = median(outcome.seconds for outcome in found)
                numbers = f"{first.code} | {first.conflicts} | {first.lost} | {stray}"
                rows.append(f"| {title} | {tool} | {numbers} | {seconds:.2f} |")
        return "\n".join(rows)


if __name__ == "__main__":
    print(compare_tools(Path(sys.argv[1])))
