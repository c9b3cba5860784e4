"""Measures the generated service under load: `make bench-serving`.

Renders a project, trains its model, and serves it by the project and by bare FastAPI handlers
(`bare.py`). wrk loads them in turn; the results are written into benchmarks/serving.md.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measure import circumstances, versions

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from environments import free_port, inside, newest  # noqa: E402
from rendering import copy_template, render, run  # noqa: E402
from selections import least  # noqa: E402

BENCHMARKS = ROOT / "benchmarks"
BUILD = ROOT / "build/benchmarks/serving"
WRK = shutil.which("wrk") or ""
ROUNDS, SECONDS, PATIENCE = 9, 4, 120
LIBRARIES = ("fastapi", "uvicorn", "scikit-learn")
CONNECTIONS = (1, 8, 32)
PATHS = {1: "/predict", 100: "/predict/many"}  # by rows a request
BARE, ASYNC, OURS = "bare", "bare, `async`", "generated"
LEAST, MOST = 0.9, 1.1  # of the bare handler's throughput, and of its p99

PAGE = """# The generated service under load

Measured by `make bench-serving` on {date}, on {cores} cores, {machine}, Python {python}, with
{versions}.
When it began, {load} other processes ran or waited to run, on average over a minute.

The model that the default configuration trains on the sample (histogram gradient boosting of 100
trees behind preprocessing), served by the generated project and by `bare.py`: the least that a
person would write with FastAPI for the same columns, with the same server and its same settings.
Its handlers are plain functions, which FastAPI runs in threads, as it advises for what computes.
Written as coroutines they save the way to a thread, and the service answers nothing else, a probe
of its health for one, while it predicts. The generated service also bounds the size and the time
of requests, counts them, replaces its model while it goes on, and predicts together what comes at
the same time.

wrk loads one at a time from the same machine: after one round that is not counted, {rounds} rounds
of {seconds} s each in turn. Numbers are medians; a ratio is the median of the rounds' own, so a
drift of the machine touches all alike. No request failed.

The bound against the bare handler: at least {least} of its throughput, and at most {most} of its
p99. {verdict}

## One thread for a prediction

With `OMP_NUM_THREADS=1` for all, as the generated service sets it by itself.

{alike}

## As the libraries have it

With nothing set: scikit-learn takes every core for each prediction of the bare handlers, also of a
single row. Its threads then wait for one another, for the load tool, and for whatever else runs.

{unset}
"""


@dataclass(frozen=True)
class Load:
    """What wrk measured in one round: requests a second, and milliseconds."""

    requests: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Compared:
    """The rounds of all sides under the same load.

    Attributes:
        rows: How many rows a request has.
        connections: How many requests are under way at a time.
        rounds: By side.
    """

    rows: int
    connections: int
    rounds: Mapping[str, Sequence[Load]]

    def typical(self, side: str, measure: str) -> float:
        """The median of a side's rounds."""
        return median(getattr(each, measure) for each in self.rounds[side])

    def ratio(self, side: str, measure: str) -> float:
        """The median of the rounds' ratios to the bare handler."""
        pairs = zip(self.rounds[side], self.rounds[BARE], strict=True)
        return median(getattr(one, measure) / getattr(bare, measure) for one, bare in pairs)

    @property
    def holds(self) -> bool:
        """Whether the generated service keeps to the bound."""
        return self.ratio(OURS, "requests") >= LEAST and self.ratio(OURS, "p99") <= MOST


def prepare() -> tuple[Path, Path, Path]:
    """Render a project and train its model; return its interpreter, its folder and the model."""
    shutil.rmtree(BUILD, ignore_errors=True)
    template = copy_template(BUILD / "template")
    answers = least() | {"jobs": ["training", "serving"]}
    project = render(template, answers, BUILD / "project")
    python = newest(project)
    words = (python, "-m", "ml_project", "run", "confs/jobs/training.yaml")
    run(*words, cwd=project, env=inside(python, project))
    row = json.loads((project / "data/row.json").read_text(encoding="utf-8"))
    for count in PATHS:
        body = row if count == 1 else {"rows": [row] * count}
        body_of(count).write_text(json.dumps(body), encoding="utf-8")
    (model,) = project.glob("runs/training/*/model")
    return python, project, model


def body_of(rows: int) -> Path:
    """Return the file that holds the body of a request."""
    return BUILD / f"{rows}.json"


@contextmanager
def serving(words: Sequence[str], port: int, env: Mapping[str, str], cwd: Path) -> Iterator[str]:
    """Run a server until it is no longer needed; give its address once it answers."""
    address = f"http://127.0.0.1:{port}"
    printed = BUILD / f"{port}.log"
    with (
        printed.open("w") as file,
        subprocess.Popen(words, cwd=cwd, env=env, stdout=file, stderr=file) as process,
    ):
        try:
            until = time.monotonic() + PATIENCE
            while not answers(address):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{words}: {printed.read_text()[-2000:]}")
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()


def answers(address: str) -> bool:
    """Tell whether a server answers."""
    with suppress(OSError), urllib.request.urlopen(f"{address}/docs") as response:
        return bool(response.status == 200)
    return False


def load(address: str, rows: int, connections: int) -> Load:
    """Load a server for a while, and fail if a request failed."""
    script = str(BENCHMARKS / "serving.lua")
    options = (f"-t1 -c{connections} -d{SECONDS}s --timeout {PATIENCE}s -s").split()
    target = (address + PATHS[rows], "--", str(body_of(rows)))
    printed = run(WRK, *options, script, *target, cwd=BUILD)
    measured = json.loads(printed.strip().rpartition("\n")[2])
    if measured.pop("failed") or not measured["requests"]:
        raise RuntimeError(f"{target}: not every request was answered well: {printed}")
    return Load(**measured)


def command(side: str, model: Path, port: int) -> list[str]:
    """Return what Python is to run for a side."""
    if side == OURS:
        words = ["-m", "ml_project", "run", "confs/jobs/serving.yaml"]
        return [*words, f"model={model}", f"port={port}"]
    way = "async" if side == ASYNC else "def"
    return [str(BENCHMARKS / "bare.py"), way, str(model), str(port)]


def compare(
    sides: Sequence[str], python: Path, project: Path, model: Path, env: Mapping[str, str]
) -> list[Compared]:
    """Load the sides in turn, in every way."""
    with ExitStack() as stack:
        addresses = {}
        for side in sides:
            port = free_port()
            words = [str(python), *command(side, model, port)]
            addresses[side] = stack.enter_context(serving(words, port, env, project))
        return [
            under(addresses, rows, connections) for rows in PATHS for connections in CONNECTIONS
        ]


def under(addresses: Mapping[str, str], rows: int, connections: int) -> Compared:
    """Load all sides in turn in one way, after one uncounted round."""
    rounds: dict[str, list[Load]] = {side: [] for side in addresses}
    for round_ in range(ROUNDS + 1):
        for side, address in addresses.items():
            measured = load(address, rows, connections)
            if round_:
                rounds[side].append(measured)
    found = Compared(rows, connections, rounds)
    print(*lines(found), sep="\n", flush=True)
    return found


def lines(compared: Compared) -> Iterator[str]:
    """Yield the lines of a table for one way of loading."""
    first = f"{compared.rows} | {compared.connections}"
    for side in compared.rounds:
        cells = [
            f"{compared.typical(side, measure):,.{places}f} | {compared.ratio(side, measure):.2f}"
            for measure, places in (("requests", 0), ("p50", 1), ("p99", 1))
        ]
        yield f"| {first} | {side} | {' | '.join(cells)} |"
        first = " | "


def table(measured: Sequence[Compared]) -> str:
    """Return a Markdown table."""
    titles = ("requests/s", "p50, ms", "p99, ms")
    head = " | ".join(f"{title} | × {BARE}" for title in titles)
    rule = "---: | ---: | --- |" + " ---: |" * 2 * len(titles)
    rows = [line for each in measured for line in lines(each)]
    return "\n".join([f"| rows | at a time | | {head} |", f"| {rule}", *rows])


def verdict(measured: Sequence[Compared]) -> str:
    """Say whether the bound holds."""
    broken = [each for each in measured if not each.holds]
    if not broken:
        return "It holds in each line of both tables."
    named = ", ".join(f"{each.rows} × {each.connections}" for each in broken)
    return f"It does not hold for (rows × at a time): {named}."


def tool() -> str:
    """Return the name and version of what measures."""
    told = subprocess.run([WRK, "-v"], capture_output=True, text=True, check=False).stdout
    return " ".join(told.split()[:2])


def main() -> None:
    """Measure, and write it down."""
    if not WRK:
        sys.exit("wrk is missing: install it by `apt-get install wrk` or `brew install wrk`")
    others = os.getloadavg()[0]
    made = prepare()
    python, project, _ = made
    env = inside(python, project)
    env.pop("OMP_NUM_THREADS", None)
    alike = compare((BARE, ASYNC, OURS), *made, env | {"OMP_NUM_THREADS": "1"})
    unset = compare((BARE, OURS), *made, env)
    page = PAGE.format(
        **circumstances(),
        versions=f"{versions(python, *LIBRARIES)}, {tool()}",
        load=f"{others:.1f}",
        rounds=ROUNDS,
        seconds=SECONDS,
        least=LEAST,
        most=MOST,
        verdict=verdict([*alike, *unset]),
        alike=table(alike),
        unset=table(unset),
    )
    (BENCHMARKS / "serving.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
