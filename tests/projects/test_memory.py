"""Inference and evaluation take no more memory for ten times the rows."""

import sys
from pathlib import Path

import pytest
from environments import inside, shared
from rendering import ids, light, render, run

pytestmark = pytest.mark.heavy

ROWS = 400_000  # enough that every buffer is full

LONGER = """
import sys
from pathlib import Path
from {package}.datasets import AnyDataset
from pydantic import TypeAdapter
import pyarrow as pa

kind, source, target, rows = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
make = TypeAdapter(AnyDataset).validate_python
from {package}.schemas import SCHEMAS
schema = SCHEMAS["regression"].examples()
table = make({{"kind": kind, "path": source}}).table(schema)
part = pa.concat_tables([table] * 100).combine_chunks()
batches = (batch for _ in range(rows // part.num_rows + 1) for batch in part.to_batches())
make({{"kind": kind, "path": target}}).write(schema, batches)
"""

PEAK = """
import resource, sys
from {package}.cli import main
code = main(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


@pytest.mark.parametrize("kind", ids("datasets"))
@pytest.mark.parametrize("job", ["evaluation", "inference"])
def test_takes_no_more_memory_for_ten_times_the_rows(
    template: Path, tmp_path: Path, kind: str, job: str
) -> None:
    project = render(template, light() | {"package": "demo"}, tmp_path / "project")
    python = shared(project)
    env = inside(python, project)

    def program(text: str, *words: object) -> str:
        return run(
            python, "-c", text.format(package="demo"), *map(str, words), cwd=project, env=env
        )

    quick = ("trackers=[]", "model.parameters={max_iter: 20}")
    program(PEAK, "run", "confs/jobs/training.yaml", *quick)
    peaks = []
    for rows in (ROWS, 10 * ROWS):
        program(LONGER, kind, f"data/diabetes.{kind}", f"long.{kind}", rows)
        settings = ["trackers=[]", f"data={{kind: {kind}, path: long.{kind}}}"]
        if job == "inference":
            settings.append(f"predictions={{kind: {kind}, path: out.{kind}}}")
        printed = program(PEAK, "run", f"confs/jobs/{job}.yaml", *settings)
        peaks.append(int(printed.split("peak")[1].split()[0]))
    print(f"{job} of {kind}: {peaks} KiB", file=sys.stderr)
    assert peaks[1] < 1.15 * peaks[0]
