"""Measures inference at scale: `make bench-scale`.

Predicts long Parquet files with the project's job, and with a handwritten PyArrow loop and the same
model, in turn, and writes benchmarks/scale.md.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from measure import Command, Measured, Sample, circumstances, once

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from environments import inside, newest  # noqa: E402
from rendering import copy_template, render  # noqa: E402
from selections import light  # noqa: E402

BUILD = ROOT / "build/benchmarks/scale"
FEW, MANY = 10_000_000, 100_000_000
ROUNDS = 3

LONGER = """
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
table = pq.read_table("data/diabetes.parquet").drop(["progression"])
part = pa.concat_tables([table] * 1000).combine_chunks()
random = np.random.default_rng(0)
with pq.ParquetWriter(sys.argv[1], part.schema, compression="zstd") as writer:
    for _ in range(int(sys.argv[2]) // part.num_rows + 1):
        noise = random.normal(1, 0.01, size=part.num_rows)  # all values differ
        columns = [
            each.to_numpy() * np.roll(noise, at) if pa.types.is_floating(each.type) else each
            for at, each in enumerate(part.columns)
        ]
        writer.write_table(pa.table(columns, schema=part.schema))
"""

LOOP = """
import sys
import pyarrow as pa, pyarrow.parquet as pq
from skops import io
pipeline = io.load(sys.argv[2], trusted=io.get_untrusted_types(file=sys.argv[2]))
schema = pa.schema({"prediction": pa.float64()})
with pq.ParquetWriter("by-hand.parquet", schema, compression="zstd") as writer:
    for batch in pq.ParquetFile(sys.argv[1]).iter_batches(65536):
        found = pipeline.predict(batch.to_pandas())
        writer.write_batch(pa.record_batch({"prediction": found}))
"""

PAGE = """# Inference at scale

Measured by `make bench-scale` on {date}, on {cores} cores, {machine}, Python {python}.

The job `inference` reads Parquet files with {few:,} and {many:,} rows and ten columns, the
longer of {size:.1f} GiB, and is compared with a loop that calls PyArrow and scikit-learn directly,
with the same model. The two run in turn, {rounds} rounds on the shorter file and one on the longer;
each is a process of its own, start-up included. A ratio is the median of the ratios of each round;
above 1, the job is faster.

| rows | job, rows/s | × the loop | job, MiB | the loop, MiB |
| ---: | ---: | ---: | ---: | ---: |
{lines}

The required bound: at least 90% of the loop's throughput, and the same peak memory for ten times
the rows.

The job also validates every value against the data contract, computes the file's fingerprint, and
writes a record and a report.
"""


def prepare() -> tuple[Path, Path, dict[str, str]]:
    """Render a project, and train its model; return its interpreter, folder and environment."""
    shutil.rmtree(BUILD, ignore_errors=True)
    template = copy_template(BUILD / "template")
    project = render(template, light() | {"package": "demo"}, BUILD / "project")
    python = newest(project)
    env = inside(python, project)
    settings = ("trackers=[]", "model.parameters={max_iter: 20}")
    train = [str(python), "-m", "demo", "run", "confs/jobs/training.yaml", *settings]
    subprocess.run(train, cwd=project, env=env, check=True, capture_output=True)
    return python, project, env


def both(python: Path, project: Path, file: str) -> Mapping[str, Command]:
    """Return the commands that predict a file in both ways."""
    saved = next(project.glob("runs/training/[!.]*/model/*.skops"))
    job = ["run", "confs/jobs/inference.yaml", "trackers=[]", f"data.path={file}"]
    return {
        "job": [str(python), "-m", "demo", *job],
        "loop": [str(python), "-c", LOOP, file, str(saved)],
    }


def main() -> None:
    """Measure, and write the page."""
    python, project, env = prepare()
    lines = []
    size = 0.0
    for rows, rounds in ((FEW, ROUNDS), (MANY, 1)):
        file = f"{rows}.parquet"
        subprocess.run([str(python), "-c", LONGER, file, str(rows)], cwd=project, check=True)
        size = (project / file).stat().st_size / 2**30
        commands = both(python, project, file)
        found: dict[str, list[Sample]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                found[name].append(once(command, project, env))
        job, loop = (Measured(name, tuple(samples)) for name, samples in found.items())
        cells = (
            f"{rows:,}",
            f"{rows / job.seconds:,.0f}",
            f"{loop.ratio(job):.2f}",
            f"{job.mebibytes:.0f}",
            f"{loop.mebibytes:.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
        (project / file).unlink()
    page = PAGE.format(
        **circumstances(),
        few=FEW,
        many=MANY,
        size=size,
        rounds=ROUNDS,
        lines="\n".join(lines),
    )
    (ROOT / "benchmarks/scale.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
