"""Python environments that rendered projects share: made once, kept under build/, and locked."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rendering import ROOT, run

BUILD = ROOT / "build"
VERSIONS = ("3.11", "3.12", "3.13")
# What tests run in an environment besides what projects declare: a tool, and what a user adds.
BESIDES = ("deptry", "scipy-stubs")
# One process a project: what it imports is imported once, and the other core runs another test.
OWN_TESTS = ("-m", "pytest", "-q", "--numprocesses=0")


def uv() -> str:
    """Return the uv that the development environment brings."""
    found = shutil.which("uv")
    assert found, "uv is not on the PATH: run the tests by make test"
    return found


def interpreter(version: str) -> Path | None:
    """Return a Python of a minor version that really runs, if this machine has one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = shutil.which(f"python{version}")
    for path in [*([Path(named)] if named else []), *pyenv.glob(f"{version}.*/bin/python")]:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if done.stdout.startswith(f"Python {version}."):
            return path
    return None


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def clean() -> dict[str, str]:
    """Return this process's environment, without what leads a child into its own or slows it.

    Tests run beside one another: threads of OpenMP that share a core would wait for each other.
    """
    foreign = {
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "UV_PROJECT_ENVIRONMENT",
        "PYTHONDONTWRITEBYTECODE",  # by which each process compiles all that it imports
    }
    kept = {key: value for key, value in os.environ.items() if key not in foreign}
    return kept | {"OMP_NUM_THREADS": "1"}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from a folder while it is made."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def shared(project: Path) -> Path:
    """Return the interpreter of an environment with everything that a project declares.

    Environments are kept by what is declared, so a change of the template makes a new one.
    """
    content = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {*content["project"]["dependencies"], *content["dependency-groups"]["dev"]}
    wanted = sorted({*declared, *BESIDES})
    key = hashlib.sha256("\n".join([*VERSIONS[:1], *wanted]).encode()).hexdigest()[:12]
    folder = BUILD / "environments" / key
    with locked(folder):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            run(uv(), "venv", "--quiet", "--python", "3.11", folder, cwd=ROOT, env=clean())
            install(folder / "bin/python", *wanted, cwd=ROOT)
            (folder / "ready").touch()
    return folder / "bin/python"


def install(python: Path, *words: str, cwd: Path) -> None:
    """Install what `uv pip install` is told to.

    PyTorch is held at one version, and is taken from where pip's configuration points if it lies
    there: a build for the CPU alone, many times smaller than the registry's.
    """
    told = subprocess.run(
        [shutil.which("pip") or "pip", "config", "get", "global.find-links"],
        capture_output=True,
        text=True,
        check=False,
    )
    links = [word for place in told.stdout.split() for word in ("--find-links", place)]
    held = ("--constraint", ROOT / "tests/projects/constraints.txt")
    target = ("--quiet", "--python", python)
    run(uv(), "pip", "install", *target, *links, *held, *words, cwd=cwd, env=clean())


def cache(python: Path) -> Path:
    """Return where mypy keeps what it knows of an environment: two at once would mix theirs up."""
    return python.parents[1] / f"mypy-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def inside(python: Path, project: Path) -> dict[str, str]:
    """Return the environment variables by which a project runs in a shared environment."""
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    return clean() | {"PATH": path, "PYTHONPATH": str(project / "src"), "MPLCONFIGDIR": str(BUILD)}
