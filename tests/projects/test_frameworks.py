"""Each framework alone, installed with only what its project declares; and all of them at once."""

import shutil
from pathlib import Path

import pytest
from environments import BUILD, clean, inside, install, interpreter, uv
from rendering import Answers, alone, everything, ids, render, run

pytestmark = pytest.mark.heavy

PYTHON = "3.11"
BOTH = {"tasks": ids("tasks")}


@pytest.mark.parametrize("resolution", ["highest", "lowest-direct"])
@pytest.mark.parametrize("id_", ids("models")[1:])
def test_does_its_work_with_only_what_it_declares(
    template: Path, id_: str, resolution: str
) -> None:
    answers: Answers = alone()[id_] | BOTH | {"package": "demo"}
    project = BUILD / "installed" / f"{id_}-{resolution}"
    shutil.rmtree(project, ignore_errors=True)
    render(template, answers, project)
    run(
        uv(),
        "venv",
        "--quiet",
        "--python",
        str(interpreter(PYTHON)),
        ".venv",
        cwd=project,
        env=clean(),
    )
    python = project / ".venv/bin/python"
    install(python, "--resolution", resolution, "--editable", ".", "--group", "dev", cwd=project)
    env = inside(python, project)
    assert " passed" in run(python, "-m", "pytest", "-q", cwd=project, env=env)
    conf = f"confs/models/{id_}.yaml"
    run(python, "-m", "demo", "run", "confs/jobs/training.yaml", conf, cwd=project, env=env)
    assert list(project.glob("runs/training/*/report.html"))
    shutil.rmtree(project)


def test_all_frameworks_work_in_one_environment(
    template: Path, whole_python: Path, tmp_path: Path
) -> None:
    project = render(template, everything(), tmp_path / "project")
    words = ("-m", "pytest", "-q", "tests/models", "tests/test_cli.py")
    printed = run(whole_python, *words, cwd=project, env=inside(whole_python, project))
    assert " passed" in printed
    assert "skipped" not in printed
