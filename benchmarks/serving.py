"""Measures the generated service under load: `make bench-serving`.

Renders a project, trains its model, and serves it with the project and with bare FastAPI handlers
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
PATHS = {1: "/predict", 100: "/predict/many"}  # by rows per request
BARE, ASYNC, OURS = "bare", "bare, `async`", "generated"
LEAST, MOST = 0.9, 1.1  # relative to the throughput and to the p99 of the bare handler

PAGE = """# The generated service under load

Measured by `make bench-serving` on {date}, on {cores} cores, {machine}, Python {python}, with
{versions}.
When it began, {load} other processes were running or runnable, on average over a minute.

The generated project and `bare.py` serve the model that the default configuration trains on the
sample (histogram gradient boosting of 100 trees behind preprocessing). `bare.py` is a minimal
FastAPI application for the same columns, with the same server and settings. Its handlers are
plain functions, which FastAPI runs in threads, as it recommends for CPU-bound work. As coroutines
(`async`), they avoid the switch to a thread, but the service answers no other request, such as a
health probe, while it predicts. The generated service also limits the size and the duration of
requests, counts them, reloads its model while it runs, and predicts concurrent requests in
batches.

wrk loads one service at a time from the same machine, in turn: a warm-up round is followed by
{rounds} rounds of {seconds} s each. Values are medians; a ratio is the median of the ratios of
each round, so a drift of the machine affects all equally. No request failed.

The required bound relative to the bare handler: at least {least} of its throughput, and at most
{most} of its p99. {verdict}

## One thread per prediction

All run with `OMP_NUM_THREADS=1`, which is the default of the generated service.

{alike}

## Default threads of the libraries

Without `OMP_NUM_THREADS`, scikit-learn uses every core for each prediction of the bare handlers,
even of a single row. Its threads then compete with one another, with the load generator, and with
other processes.

{unset}
"""


@dataclass(frozen=True)
class Load:
    """The measurements of wrk in one round: requests per second, and milliseconds."""

    requests: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Compared:
    """The rounds of all services under the same load.

    Attributes:
        rows: The number of rows per request.
        connections: The number of concurrent requests.
        rounds: The rounds of each service.
    """

    rows: int
    connections: int
    rounds: Mapping[str, Sequence[Load]]

    def typical(self, side: str, measure: str) -> float:
        """The median of a service's rounds."""
        return median(getattr(each, measure) for each in self.rounds[side])

    def ratio(self, side: str, measure: str) -> float:
        """The median of the rounds' ratios to the bare handler."""
        pairs = zip(self.rounds[side], self.rounds[BARE], strict=True)
        return median(getattr(one, measure) / getattr(bare, measure) for one, bare in pairs)

    @property
    def holds(self) -> bool:
        """Whether the generated service meets the bound."""
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
    """Return the file with the body of a request."""
    return BUILD / f"{rows}.json"


@contextmanager
def serving(words: Sequence[str], port: int, env: Mapping[str, str], cwd: Path) -> Iterator[str]:
    """Run a server for as long as the context lasts; give its address once it answers."""
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
    """Return whether a server answers."""
    with suppress(OSError), urllib.request.urlopen(f"{address}/docs") as response:
        return bool(response.status == 200)
    return False


def load(address: str, rows: int, connections: int) -> Load:
    """Load a server for one round; raise an error if a request failed."""
    script = str(BENCHMARKS / "serving.lua")
    options = (f"-t1 -c{connections} -d{SECONDS}s --timeout {PATIENCE}s -s").split()
    target = (address + PATHS[rows], "--", str(body_of(rows)))
    printed = run(WRK, *options, script, *target, cwd=BUILD)
    measured = json.loads(printed.strip().rpartition("\n")[2])
    if measured.pop("failed") or not measured["requests"]:
        raise RuntimeError(f"{target}: some requests failed: {printed}")
    return Load(**measured)


def command(side: str, model: Path, port: int) -> list[str]:
    """Return the arguments of Python that start a service."""
    if side == OURS:
        words = ["-m", "ml_project", "run", "confs/jobs/serving.yaml"]
        return [*words, f"model={model}", f"port={port}"]
    way = "async" if side == ASYNC else "def"
    return [str(BENCHMARKS / "bare.py"), way, str(model), str(port)]


def compare(
    sides: Sequence[str], python: Path, project: Path, model: Path, env: Mapping[str, str]
) -> list[Compared]:
    """Load the services in turn, with all numbers of rows and connections."""
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
    """Load all services in turn in one way, after a warm-up round."""
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
    """Yield the rows of the table for one way of loading."""
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
    return "\n".join([f"| rows | concurrency | | {head} |", f"| {rule}", *rows])


def verdict(measured: Sequence[Compared]) -> str:
    """Return the sentence about whether the bound holds."""
    broken = [each for each in measured if not each.holds]
    if not broken:
        return "It holds in each row of both tables."
    named = ", ".join(f"{each.rows} × {each.connections}" for each in broken)
    return f"It does not hold for (rows × concurrency): {named}."


def tool() -> str:
    """Return the name and version of the load generator."""
    told = subprocess.run([WRK, "-v"], capture_output=True, text=True, check=False).stdout
    return " ".join(told.split()[:2])


def main() -> None:
    """Measure, and write the page."""
    if not WRK:
        sys.exit("wrk is missing: install it with `apt-get install wrk` or `brew install wrk`")
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
