"""Measures reading from a storage: `make bench-storages`.

Renders a project, starts the S3 server of its tests, and reads one Parquet file with the project's
dataset and with other libraries (`stored.py`), in turn; the result is written into
benchmarks/storages.md.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import circumstances, versions

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from environments import clean, inside, install, newest, uv  # noqa: E402
from rendering import copy_template, render, run  # noqa: E402
from selections import least  # noqa: E402

BENCHMARKS = ROOT / "benchmarks"
BUILD = ROOT / "build/benchmarks/storages"
OURS = "generated"
WAYS = (OURS, "obstore", "s3fs", "cloudpathlib")
PEERS = ("obstore", "s3fs", "cloudpathlib[s3]", "pyarrow")
ROUNDS = 9
LEAST = 0.9  # relative to the speed of the fastest library

PAGE = """# Reading from a storage

Measured by `make bench-storages` on {date}, on {cores} cores, {machine}, Python {python}, with
{versions}.
When it began, {load:.0f} processes were running or runnable, on average over a minute.

A Parquet file of {size:.0f} MB, ten columns of random numbers in 30 row groups, is read batch by
batch from the S3 server of the tests, on the same machine: with the generated project's dataset,
and with a library and `pyarrow.parquet` (`stored.py`). The libraries are obstore, which fetches
the complete file into memory, because Arrow cannot stream from it, s3fs, and cloudpathlib, which
first downloads the file to a folder. Each runs in a process of its own, which has read a small
file before, so that start-up and connecting are not measured, in {rounds} rounds in turn. Seconds
and MiB are medians; *MiB more* is the memory in addition to that for the small file. A ratio is
the median of the ratios of each round. The server uses the same cores.

{table}

The required bound: at least {least:.0%} of the speed of the fastest library. {verdict}
For a file of a third of the size, {medium:.0f} MB, it is {third:.0%}.

For {bigger:.0f} MB, three times the size, the project's peak memory differs by {memory:+.0f} MiB.
"""

PROGRAM = """
import json, os, shutil, sys
from pathlib import Path
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
from contracts.s3_server import serving
from project.files import new_file
from project.location import location

def write(path, groups):
    random = np.random.default_rng(0)
    schema = pa.schema({f"x{at}": pa.float64() for at in range(10)})
    with new_file(path) as aside:
        with pq.ParquetWriter(aside, schema, compression="zstd") as writer:
            for _ in range(groups):
                values = {name: random.normal(size=250_000) for name in schema.names}
                writer.write_batch(pa.record_batch(values))
        return aside.stat().st_size

with serving() as server:
    sizes = {}
    for name, groups in {"small": 1, "medium": 10, "large": 30, "larger": 90}.items():
        sizes[name] = write(location(f"{server.url}/{name}.parquet"), groups)
    known = {key: value for key, value in os.environ.items() if key.startswith("AWS_")}
    print(json.dumps({"url": server.url, "environment": known, "sizes": sizes}), flush=True)
    sys.stdin.read()
"""


@contextmanager
def server(python: Path, project: Path) -> Iterator[dict[str, object]]:
    """Start the server with its files, and yield its URL, environment and file sizes."""
    env = inside(python, project)
    env["PYTHONPATH"] += f":{project / 'tests'}"
    command = [str(python), "-c", PROGRAM]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=env, text=True) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())
        assert process.stdin
        process.stdin.close()


def peers() -> Path:
    """Return the interpreter of an environment with the other libraries."""
    python = BUILD / "peers/bin/python"
    run(uv(), "venv", "--quiet", "--python", "3.11", BUILD / "peers", cwd=ROOT, env=clean())
    install(python, *PEERS, cwd=ROOT)
    return python


def read(python: Path, way: str, name: str, env: Mapping[str, str], url: str) -> dict[str, float]:
    """Read a file once in a new process, and return the duration and the memory."""
    script = str(BENCHMARKS / "stored.py")
    places = [f"{url}/{each}.parquet" for each in ("small", name)]
    with TemporaryDirectory() as cache:
        printed = run(
            python, script, way, *places, cwd=ROOT, env={**env, "CACHE": cache}
        ).splitlines()
    found: dict[str, float] = json.loads(printed[-1])
    return found


def table(found: Mapping[str, list[dict[str, float]]], best: str) -> str:
    """Return the table of all libraries, with ratios to the fastest."""
    lines = [f"| | seconds | × {best} | MiB | MiB more |", "| --- | ---: | ---: | ---: | ---: |"]
    for way, samples in found.items():
        seconds, whole, more = (
            median(each[key] for each in samples) for key in ("seconds", "mebibytes", "more")
        )
        compared = f"{seconds:.3f} | {ratio(found, way, best):.2f}"
        lines.append(f"| {way} | {compared} | {whole:.0f} | {more:.0f} |")
    return "\n".join(lines)


def ratio(found: Mapping[str, list[dict[str, float]]], way: str, other: str) -> float:
    """Return the median of the ratios of durations, round by round."""
    pairs = zip(found[way], found[other], strict=True)
    return median(one["seconds"] / two["seconds"] for one, two in pairs)


def main() -> None:
    """Measure, and write the page."""
    shutil.rmtree(BUILD, ignore_errors=True)
    answers = least() | {"storages": ["s3"], "project_name": "project"}
    project = render(copy_template(BUILD / "template"), answers, BUILD / "project")
    python, theirs = newest(project), peers()
    load = os.getloadavg()[0]
    with server(python, project) as there:
        env = {**inside(python, project), **there["environment"]}  # type: ignore[dict-item]
        url = str(there["url"])

        def rounds(name: str) -> dict[str, list[dict[str, float]]]:
            found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
            for round_ in range(ROUNDS + 1):
                for way, samples in found.items():
                    sample = read(python if way == OURS else theirs, way, name, env, url)
                    print(name, way, sample, flush=True)
                    if round_:
                        samples.append(sample)
            return found

        medium, found = rounds("medium"), rounds("large")
        larger = [read(python, OURS, "larger", env, url)["mebibytes"] for _ in range(3)]
        sizes: dict[str, float] = there["sizes"]  # type: ignore[assignment]
    best = min((way for way in WAYS if way != OURS), key=lambda way: ratio(found, way, OURS))
    speed = 1 / ratio(found, OURS, best)
    page = PAGE.format(
        **circumstances(),
        versions=f"{versions(python, 'obstore', 'pyarrow')} (generated) and "
        + versions(theirs, "obstore", "s3fs", "cloudpathlib", "boto3", "pyarrow"),
        load=load,
        size=sizes["large"] / 1e6,
        medium=sizes["medium"] / 1e6,
        third=1 / ratio(medium, OURS, best),
        bigger=sizes["larger"] / 1e6,
        rounds=ROUNDS,
        table=table(found, best),
        least=LEAST,
        verdict=f"The project has {speed:.0%}{'' if speed >= LEAST else ', and misses the bound'}.",
        memory=median(larger) - median(each["mebibytes"] for each in found[OURS]),
    )
    (BENCHMARKS / "storages.md").write_text(page.strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
