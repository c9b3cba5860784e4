"""Random changes of a saved model end in one line or in a prediction, never in a crash."""

import json
import subprocess
from pathlib import Path

import pytest
from environments import inside, pinned
from rendering import render
from selections import everything

# Settings of each kind that are fast.
FAST = {
    "sklearn": (
        {"parameters": {"max_iter": 3}},
        {"estimator": "RandomForest", "parameters": {"n_estimators": 2}},
        {"estimator": "GradientBoosting", "parameters": {"n_estimators": 2}},
        {"estimator": "KNeighbors", "parameters": {"algorithm": "kd_tree"}},
        {"estimator": "SVR"},
    ),
    "xgboost": ({"n_estimators": 3}, {"n_estimators": 3, "parameters": {"booster": "dart"}}),
    "lightgbm": ({"n_estimators": 3}, {"n_estimators": 3, "parameters": {"boosting": "dart"}}),
    "catboost": ({"n_estimators": 3},),
    "torch": ({"epochs": 1},),
    "lightning": ({"epochs": 1},),
    "jax": ({"epochs": 1},),
    "tensorflow": ({"epochs": 1},),
}

FUZZ = """
import io, json, sys, tempfile, zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from {package}.errors import ProjectError
from {package}.models import AnyModel
from {package}.models.base import FitContext

sys.path.insert(0, "tests")
from examples import EXAMPLES

model = TypeAdapter(AnyModel).validate_json(sys.argv[1])
rows = next(each for each in EXAMPLES if each.kind == "regression").rows(0.3)
features = rows.whole().features
folder = Path(tempfile.mkdtemp())
model.fit(rows, FitContext()).save(folder)
path = next(each for each in folder.iterdir() if each.suffix != ".json")
content = path.read_bytes()
members = {{path.name: content}}
if zipfile.is_zipfile(path):
    with zipfile.ZipFile(path) as archive:
        members = {{name: archive.read(name) for name in archive.namelist()}}
loaded = 0

def write(changed):
    if path.name in changed:
        return path.write_bytes(changed[path.name])
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in changed.items():
            archive.writestr(name, part)

@settings(max_examples=int(sys.argv[2]), deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(members)), st.floats(0, 1),
       st.lists(st.tuples(st.floats(0, 0.999999), st.integers(0, 255)), min_size=1, max_size=8))
def fuzz(name, kept, changes):
    global loaded
    part = bytearray(members[name])
    for at, value in changes:
        part[int(at * len(part))] = value
    write({{**members, name: bytes(part if kept > 0.1 else part[: int(kept * 10 * len(part))])}})
    try:
        model.load(folder, rows.problem).outputs(features)
        loaded += 1
    except ProjectError as error:
        assert "\\n" not in str(error), error

fuzz()
print("loaded", loaded)
"""


CASES = [(kind, at) for kind, several in FAST.items() for at in range(len(several))]


@pytest.mark.nightly
@pytest.mark.parametrize(("kind", "which"), CASES)
def test_a_changed_file_ends_no_process(
    template: Path, tmp_path: Path, kind: str, which: int
) -> None:
    project = render(template, everything(), tmp_path / "project")
    python = pinned(project, "whole")
    settings = json.dumps({"kind": kind, **FAST[kind][which]})
    done = subprocess.run(
        [python, "-c", FUZZ.format(package="ml_project"), settings, "300"],
        cwd=project,
        env=inside(python, project),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
