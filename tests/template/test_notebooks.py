"""Notebooks are as nbstripout leaves them, and run for any selection of jobs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from environments import inside
from rendering import Answers, run
from selections import alone, everything

Project = Callable[[Answers], Path]

NOTEBOOK = "notebooks/start.ipynb"
# Those of `alone` and of the largest selection run with the suites of these projects.
WITHOUT_TRAINING: dict[str, Answers] = {
    "evaluation": alone()["notebooks"] | {"jobs": ["evaluation"], "tasks": ["classification"]},
    "tuning": alone()["notebooks"] | {"jobs": ["evaluation", "tuning"]},
}
SELECTIONS = {"alone": alone()["notebooks"], "everything": everything(), **WITHOUT_TRAINING}


def cells(project: Path) -> list[dict[str, Any]]:
    """Return the cells of the notebook of a project."""
    return list(json.loads((project / NOTEBOOK).read_text(encoding="utf-8"))["cells"])


@pytest.mark.parametrize("name", SELECTIONS)
def test_is_as_nbstripout_leaves_it(project: Project, name: str) -> None:
    written = (project(SELECTIONS[name]) / NOTEBOOK).read_text(encoding="utf-8")
    content = json.loads(written)
    sorted_ = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    assert f"{sorted_}\n" == written
    for at, cell in enumerate(content["cells"]):
        assert cell["id"] == str(at)
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", SELECTIONS)
def test_starts_the_job_that_others_need(project: Project, name: str) -> None:
    answers = SELECTIONS[name]
    source = "".join(line for cell in cells(project(answers)) for line in cell["source"])
    first = next((job for job in ("training", "tuning") if job in answers["jobs"]), "")
    for job in ("training", "tuning", "evaluation"):
        assert (f"confs/jobs/{job}.yaml" in source) == (job == first)


@pytest.mark.parametrize("name", WITHOUT_TRAINING)
def test_runs_without_training(project: Project, python: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(project(WITHOUT_TRAINING[name]), tmp_path / "project")
    run(python, "-m", "pytest", "-q", "tests/notebooks", cwd=folder, env=inside(python, folder))
