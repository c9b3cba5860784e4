"""A generated project rejects invalid input with one clear line, and writes nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest
from environments import inside
from rendering import files, render
from selections import light

TRAINING = "confs/jobs/training.yaml"
BROKEN = {
    "broken.yaml": b"kind: [training",
    "twice.yaml": b"seed: 1\nseed: 2\n",
    "empty.csv": b"",
    "header.csv": b"age,sex\n",
    "words.csv": b"age,sex,bmi,blood_pressure,cholesterol,ldl,hdl,cholesterol_ratio,"
    b"triglycerides_log,glucose,progression\n" + b"old,1" + b",1" * 9 + b"\n",
    "no_rows.csv": b"age,sex,bmi,blood_pressure,cholesterol,ldl,hdl,cholesterol_ratio,"
    b"triglycerides_log,glucose,progression\n",
    "cut.parquet": b"PAR1 and no more",
    "model/manifest.json": b'{"format": 1',
}
ALLOWED = "compression, kind, limit, partitions, path, where"
MISSPELT = f"unknown key 'paht'; allowed: {ALLOWED}; did you mean 'path'?"
REFUSALS = {
    "missing file": (["none.yaml"], "none.yaml: there is no such file"),
    "broken YAML": (["broken.yaml"], "broken.yaml, line 2, column 1: this is not YAML: "),
    "key twice": (["twice.yaml"], "twice.yaml, line 2, column 1: this is not YAML: "),
    "unknown key": ([TRAINING, "data.paht=x"], f"the command line: data: {MISSPELT}"),
    "wrong type": ([TRAINING, "seed=many"], "the command line: seed: input should be"),
    "unknown kind": ([TRAINING, "model.kind=x"], "the command line: model.kind: unknown kind 'x'"),
    "unset variable": (
        [TRAINING, "data.path=${oc.env:NONE}"],
        "the command line: data.path: the environment variable NONE is not set: ",
    ),
    "estimator": ([TRAINING, "model.estimator=Forest"], "the command line: model.estimator: "),
    "parameter": ([TRAINING, "model.parameters.depth=1"], "the command line: model.parameters: "),
    "other task": ([TRAINING, "metrics=[f1]"], "the command line: metrics: the metric 'f1' is for"),
    "no time": ([TRAINING, "splitter.kind=time"], "the command line: splitter.kind: the data"),
    "missing data": ([TRAINING, "data.path=none"], "none: there is no such file"),
    "empty file": ([TRAINING, "data={kind: csv, path: empty.csv}"], "empty.csv: "),
    "no rows": ([TRAINING, "data={kind: csv, path: no_rows.csv}"], "no_rows.csv: "),
    "missing column": ([TRAINING, "data={kind: csv, path: header.csv}"], "header.csv: no column"),
    "wrong value": ([TRAINING, "data={kind: csv, path: words.csv}"], "words.csv: "),
    "cut short": ([TRAINING, "data.path=cut.parquet"], "cut.parquet: not a valid Parquet file"),
    "damaged model": (
        ["confs/jobs/inference.yaml", "model=model"],
        "model/manifest.json: it is not valid",
    ),
    "no model": (["confs/jobs/inference.yaml"], "runs/training/latest/model: there is no run"),
}


@pytest.fixture(scope="module")
def project(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(template, light(), tmp_path_factory.mktemp("refusals") / "project")


@pytest.mark.whole
@pytest.mark.parametrize(("words", "message"), REFUSALS.values(), ids=REFUSALS)
def test_is_one_line_with_code_2_and_nothing_written(
    project: Path, python: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name in ("confs", "data"):
        shutil.copytree(project / name, here / name)
    for name, content in BROKEN.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_bytes(content)
    before = files(here)
    done = subprocess.run(
        [python, "-m", "ml_project", "run", *words],
        cwd=here,
        env=inside(python, project),
        capture_output=True,
        text=True,
        check=False,
    )
    refusals = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert done.returncode == 2, done.stderr
    assert len(refusals) == 1
    assert refusals[0].startswith(f"error: {message}")
    assert "Traceback" not in done.stderr
    assert files(here) == before
