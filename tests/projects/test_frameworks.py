"""Each framework alone, installed with only its declared dependencies; and interrupted fits."""

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from environments import BUILD, clean, inside, install, interpreter, uv
from rendering import ROOT, Answers, render, run
from selections import alone, everything, ids

PYTHON = "3.11"
BOTH = {"tasks": ids("tasks")}
SHIPPED = ROOT / "template/confs/models"
BY_EPOCHS = [id_ for id_ in ids("models") if "epochs:" in (SHIPPED / f"{id_}.yaml").read_text()]


@pytest.mark.nightly
@pytest.mark.parametrize("resolution", ["highest", "lowest-direct"])
@pytest.mark.parametrize("id_", ids("models")[1:])
def test_works_with_only_the_declared_dependencies(
    template: Path, id_: str, resolution: str
) -> None:
    tasks = BOTH if resolution == "highest" else {}  # one task is enough to test an older library
    answers: Answers = alone()[id_] | tasks | {"package": "demo"}
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
    tests = (
        () if resolution == "highest" else ("tests/models", "tests/jobs")
    )  # which use the framework
    assert " passed" in run(python, "-m", "pytest", "-q", *tests, cwd=project, env=env)
    conf = f"confs/models/{id_}.yaml"
    run(python, "-m", "demo", "run", "confs/jobs/training.yaml", conf, cwd=project, env=env)
    assert list(project.glob("runs/training/*/report.html"))
    shutil.rmtree(project)


@pytest.mark.parametrize(
    "id_",
    [
        pytest.param(id_, marks=pytest.mark.nightly if number else pytest.mark.slow)
        for number, id_ in enumerate(BY_EPOCHS)  # which share the code that resumes a fit
    ],
)
def test_a_killed_training_resumes_to_the_same_model(
    template: Path, whole_python: Path, tmp_path: Path, id_: str
) -> None:
    project = render(template, everything() | {"package": "demo"}, tmp_path / "project")
    env = inside(whole_python, project)
    files = ("confs/jobs/training.yaml", f"confs/models/{id_}.yaml")
    settings = ("trackers=[]", "model.epochs=100", "model.patience=null")
    job = (str(whole_python), "-m", "demo", "run", *files, *settings)
    with subprocess.Popen(job, cwd=project, env=env, stderr=subprocess.DEVNULL) as training:
        while not list(project.glob("runs/.checkpoints/*/[!.]*")):
            assert training.poll() is None
            time.sleep(0.01)
        training.kill()
    assert not list(project.glob("runs/training/[!.]*"))
    assert "resuming from the checkpoint" in run(*job, cwd=project, env=env)
    run(*job, "output=uninterrupted", cwd=project, env=env)
    resumed, whole = (
        json.loads(next(project.glob(f"{output}/training/[!.]*/run.json")).read_text())
        for output in ("runs", "uninterrupted")
    )
    assert resumed["metrics"] == whole["metrics"]
