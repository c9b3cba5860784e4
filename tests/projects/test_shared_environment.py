"""Rendered projects pass their own tests, run in one shared environment to be quick.

Every framework beside the first is run in `test_frameworks.py`, which takes longer.
"""

from pathlib import Path

import pytest
from environments import inside
from rendering import Answers, alone, ids, least, light, render, run

SELECTIONS: dict[str, Answers] = {
    "default": {},
    "least": least(),
    "everything else": light(),
    **{
        id_: answers
        for id_, answers in alone().items()
        if answers != least() and id_ not in ids("models")
    },
}


@pytest.mark.parametrize("answers", SELECTIONS.values(), ids=SELECTIONS)
def test_a_project_passes_its_own_tests(
    template: Path, shared_python: Path, tmp_path: Path, answers: Answers
) -> None:
    project = render(template, answers, tmp_path / "project")
    printed = run(
        shared_python, "-m", "pytest", "-q", cwd=project, env=inside(shared_python, project)
    )
    assert " passed" in printed
    assert "skipped" not in printed
