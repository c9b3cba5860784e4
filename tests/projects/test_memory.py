"""Ten times the rows need no more memory; training from disk needs less than from memory."""

import json
import sys
from pathlib import Path

import pytest
from environments import inside
from rendering import ROOT, render, run
from selections import catalogue, everything, ids, light

ROWS = 400_000  # enough to fill every buffer
SLOW = {"jsonl": 100_000, "sql": 100_000}  # for kinds that are written row by row
MANY = 2_000_000  # enough to need more memory than a framework
SHIPPED = ROOT / "template/confs/models"
FROM_DISK = {
    id_: ["epochs=1", "batch_size=8192"] if "epochs:" in text else ["n_estimators=3"]
    for id_ in ids("models")
    if "patience:" in (text := (SHIPPED / f"{id_}.yaml").read_text(encoding="utf-8"))
}

LONGER = """
import sys
from {package}.datasets import AnyDataset
from {package}.schemas import SCHEMAS
from pydantic import TypeAdapter
import pyarrow as pa

source, target = map(TypeAdapter(AnyDataset).validate_json, sys.argv[1:3])
rows = int(sys.argv[3])
schema = SCHEMAS["regression"].examples()
table = source.table(schema)
part = pa.concat_tables([table] * 100).combine_chunks()
batches = (batch for _ in range(rows // part.num_rows + 1) for batch in part.to_batches())
target.write(schema, batches)
"""

PEAK = """
import resource, sys
from {package}.cli import main
code = main(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


EMBEDDED = {"uri": "sqlite:///catalog.db", "warehouse": "./warehouse"}
LOCATIONS = {entry["id"]: entry["location"] for entry in catalogue() if "location" in entry} | {
    "iceberg": {"catalog": EMBEDDED, "identifier": "tables.{name}"}
}


def location(kind: str, name: str) -> str:
    """Return the location of a table, as in a configuration."""
    return json.dumps({"kind": kind, **LOCATIONS[kind]}).replace("{name}", name)


KINDS = ids("datasets")
GATE = [(job, KINDS[0]) for job in ("evaluation", "inference")]
NIGHTLY = [(job, KINDS[0]) for job in ("explanation", "monitoring")]
NIGHTLY += [("inference", kind) for kind in KINDS[1:]]


@pytest.mark.parametrize(
    ("job", "kind"),
    [
        *(pytest.param(*each, marks=pytest.mark.slow) for each in GATE),
        *(pytest.param(*each, marks=pytest.mark.nightly) for each in NIGHTLY),
    ],
)
def test_needs_no_more_memory_for_ten_times_the_rows(
    template: Path, python: Path, tmp_path: Path, job: str, kind: str
) -> None:
    project = render(template, light() | {"package": "demo"}, tmp_path / "project")
    env = inside(python, project)

    def program(text: str, *words: object) -> str:
        return run(
            python, "-c", text.format(package="demo"), *map(str, words), cwd=project, env=env
        )

    quick = ("trackers=[]", "model.parameters={max_iter: 20}")
    program(PEAK, "run", "confs/jobs/training.yaml", *quick)
    peaks = []
    few = SLOW.get(kind, ROWS)
    for rows in (few, 10 * few):
        program(LONGER, location("parquet", "data/diabetes"), location(kind, "long"), rows)
        settings = ["trackers=[]", f"data={location(kind, 'long')}"]
        if job == "inference":
            settings.append(f"predictions={location(kind, 'out')}")
        if job == "explanation":
            settings += ["rows=10", f"attributions={location(kind, 'out')}"]
        if job == "monitoring":
            monitors = "monitors=[{kind: evidently, presets: [summary]}]"
            settings += [f"results={location(kind, 'found')}", "rows=1000", monitors]
        printed = program(PEAK, "run", f"confs/jobs/{job}.yaml", *settings)
        peaks.append(int(printed.split("peak")[1].split()[0]))
    print(f"{job} of {kind}: {peaks} KiB", file=sys.stderr)
    assert peaks[1] < 1.15 * peaks[0]


@pytest.mark.nightly
@pytest.mark.parametrize("id_", FROM_DISK)
def test_training_from_disk_takes_less_than_from_memory(
    template: Path, whole_python: Path, tmp_path: Path, id_: str
) -> None:
    project = render(template, everything() | {"package": "demo"}, tmp_path / "project")
    env = inside(whole_python, project)

    def program(text: str, *words: object) -> str:
        code = text.format(package="demo")
        return run(whole_python, "-c", code, *map(str, words), cwd=project, env=env)

    program(LONGER, location("parquet", "data/diabetes"), location("parquet", "long"), MANY)
    files = ("confs/jobs/training.yaml", f"confs/models/{id_}.yaml")
    settings = ("trackers=[]", "data.path=long.parquet", "model.patience=null")
    short = [f"model.{setting}" for setting in FROM_DISK[id_]]
    peaks = []
    for external in ("true", "false"):
        words = ("run", *files, *settings, *short, f"model.external_memory={external}")
        peaks.append(int(program(PEAK, *words).split("peak")[1].split()[0]))
    print(f"{id_}: {peaks} KiB", file=sys.stderr)
    assert peaks[0] < 0.8 * peaks[1]
