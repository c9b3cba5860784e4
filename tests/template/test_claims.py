"""What a project's README and tutorial name is there: files, recipes and commands.

`tests/projects/test_installed.py` runs the commands.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rendering import Answers
from selections import alone, everything, least

Project = Callable[[Answers], Path]
SELECTIONS = {"default": {}, "least": least(), "everything": everything(), **alone()}
PAGES = ("README.md", "docs/tutorial.md", "AGENTS.md")
# Written by a command, or by the user.
LATER = re.compile(
    r"\.env|confs/schema\.json|runs/.*|mlflow\.db|best\.yaml|sbom\.json|data/raw/.*|(test|predictions|attributions|monitoring)\.\w+"
)
TOP = ("confs", "data", "docs", "src", "tests", ".github", ".gitlab", "notebooks")


def code(project: Path) -> Iterator[str]:
    """Yield what the pages show as code: words in a line, and commands."""
    for page in PAGES:
        text = (project / page).read_text(encoding="utf-8")
        for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
            yield from (line.strip() for line in block.splitlines())
        yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("answers", SELECTIONS.values(), ids=SELECTIONS)
def test_names_only_files_that_are_there(project: Project, answers: Answers) -> None:
    folder = project(answers)
    named = {word for text in code(folder) for word in text.split()}
    paths = {word for word in named if "/" in word and word.partition("/")[0] in TOP}
    paths |= {word for word in named if re.fullmatch(r"[\w.-]+\.(md|toml|yaml|yml)", word)}
    there = {path for path in paths if any(folder.glob(path.rstrip("/"))) or "<" in path}
    below = {path for path in paths if any(folder.glob(f"**/{path}"))}
    assert not {path for path in paths - there - below if not LATER.fullmatch(path)}
    assert len(there) > 5


@pytest.mark.parametrize("answers", SELECTIONS.values(), ids=SELECTIONS)
def test_names_only_commands_that_are_there(project: Project, answers: Answers) -> None:
    folder = project(answers)
    recipes = {
        *re.findall(r"^([a-z][\w-]*)(?: \*\w+)?:", (folder / "justfile").read_text(), re.MULTILINE)
    }
    declared = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    libraries = declared["project"]["dependencies"] + declared["dependency-groups"]["dev"]
    installed = {re.split(r"[<>=[]", library)[0] for library in libraries}
    named = {word for text in code(folder) for word in re.findall(r"\bjust ([a-z][\w-]*)", text)}
    assert {"setup", "check", "test"} <= named <= recipes
    run = {word for text in code(folder) for word in re.findall(r"\buv run (\w[\w-]*)", text)}
    assert run <= {"just", *declared["project"]["scripts"], *installed}
