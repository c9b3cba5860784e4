"""Rendered projects pass their own tests, run in one shared environment to be quick."""

from pathlib import Path

import pytest
from environments import inside, shared
from rendering import Answers, alone, everything, least, render, run

SELECTIONS: dict[str, Answers] = {
    "default": {},
    "least": least(),
    "everything": everything(),
    **{id_: answers for id_, answers in alone().items() if answers != least()},
}


@pytest.fixture(scope="session")
def python(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of the environment of the project that holds everything."""
    folder = tmp_path_factory.mktemp("everything") / "project"
    return shared(render(template, everything(), folder))


@pytest.mark.parametrize("answers", SELECTIONS.values(), ids=SELECTIONS)
def test_a_project_passes_its_own_tests(
    template: Path, python: Path, tmp_path: Path, answers: Answers
) -> None:
    project = render(template, answers, tmp_path / "project")
    printed = run(python, "-m", "pytest", "-q", cwd=project, env=inside(python, project))
    assert " passed" in printed
    assert "skipped" not in printed
