"""Rendered projects pass their own tests, run in one shared environment to be quick.

Every framework beside the first is run in `test_frameworks.py`, and everything light at once in
`test_installed.py`, which take longer.
"""

from pathlib import Path

import pytest
from environments import OWN_TESTS, inside
from rendering import Answers, alone, files, ids, least, render, run

SELECTIONS: dict[str, Answers] = {"default": {}, "least": least()}
APART = {
    id_: answers
    for id_, answers in alone().items()
    if answers != least() and id_ not in ids("models")
}


@pytest.mark.parametrize(
    "answers",
    [
        *(pytest.param(answers, id=id_) for id_, answers in SELECTIONS.items()),
        *(pytest.param(answers, id=id_, marks=pytest.mark.heavy) for id_, answers in APART.items()),
    ],
)
def test_a_project_passes_its_own_tests(
    template: Path, shared_python: Path, tmp_path: Path, answers: Answers
) -> None:
    project = render(template, answers, tmp_path / "project")
    known = render(template, least(), tmp_path / "least")
    if answers != least() and alike(project, known, "src") and alike(project, known, "tests"):
        return  # its tests are those of the least project, to the byte
    words = [f"--ignore=tests/{name}" for name in unchanged(project, known) if answers != least()]
    env = inside(shared_python, project)
    printed = run(shared_python, *OWN_TESTS, *words, cwd=project, env=env)
    assert " passed" in printed
    assert "skipped" not in printed


def alike(project: Path, other: Path, *folders: str) -> bool:
    """Tell whether two projects hold the same files in some folders."""
    return all(files(project / folder) == files(other / folder) for folder in folders)


def unchanged(project: Path, known: Path) -> list[str]:
    """Return the folders of tests that are as in a project known to pass, as is what they test."""
    folders = [path.name for path in (project / "tests").iterdir() if path.is_dir()]
    (package,) = (project / "src").iterdir()
    return [
        name
        for name in folders
        if name not in {"contracts", "jobs"}
        and alike(project, known, f"tests/{name}", f"src/{package.name}/{name}")
    ]
