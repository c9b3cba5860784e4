"""Python environments that rendered projects share: made once, kept under build/, and locked."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rendering import ROOT, run

BUILD = ROOT / "build"
PINS = ROOT / "tests/projects/pins.txt"  # every version that the gate installs; `make pins`
HELD = ROOT / "tests/projects/constraints.txt"  # what even the newest versions are held at
VERSIONS = ("3.11", "3.12", "3.13")
HUNG = 120  # seconds after which one of a project's own tests says where it stands
# What tests need in an environment besides what projects declare: what a user adds.
BESIDES = ("scipy-stubs",)


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


def pinned(project: Path, name: str) -> Path:
    """Return the interpreter of an environment with pinned versions of all that a project declares.

    The gate has two, with and without the frameworks beside the first: skops and SciPy import
    PyTorch wherever it is installed, by which each process would start 9 s later. Whether newer or
    older versions still work, the nightly tells.
    """
    return environment(f"pinned-{name}", declared(project), PINS)


def newest(project: Path, name: str = "newest") -> Path:
    """Return the interpreter of an environment with the newest versions that a project allows."""
    return environment(name, declared(project), HELD)


def declared(project: Path) -> list[str]:
    """Return the requirements of a project, and those of the tests that run in it."""
    content = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    stated = {*content["project"]["dependencies"], *content["dependency-groups"]["dev"]}
    return sorted({*stated, *BESIDES})


def environment(name: str, wanted: Sequence[str], constraints: Path) -> Path:
    """Return the interpreter of an environment; of each name, only the last one made is kept."""
    told = "\n".join([*VERSIONS[:1], *wanted, constraints.read_text(encoding="utf-8")])
    folder = BUILD / "environments" / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    with locked(folder.with_name(name)):
        if not (folder / "ready").exists():
            for older in folder.parent.glob(f"{name}-*"):
                shutil.rmtree(older)
            run(uv(), "venv", "--quiet", "--python", "3.11", folder, cwd=ROOT, env=clean())
            install(folder / "bin/python", *wanted, cwd=ROOT, constraints=constraints)
            (folder / "ready").touch()
    return folder / "bin/python"


def install(python: Path, *words: str, cwd: Path, constraints: Path = HELD) -> None:
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
    target = ("--quiet", "--python", python, "--constraint", constraints)
    run(uv(), "pip", "install", *target, *links, *words, cwd=cwd, env=clean())


def cache(python: Path) -> Path:
    """Return where mypy keeps what it knows of an environment: two at once would mix theirs up."""
    return python.parents[1] / f"mypy-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def inside(python: Path, project: Path) -> dict[str, str]:
    """Return the environment variables by which a project runs in a shared environment.

    Its own tests run in one process: what they import is imported once, and the other core runs
    another test.
    """
    return clean() | {
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(project / "src"),
        "MPLCONFIGDIR": str(BUILD),
        "JAX_COMPILATION_CACHE_DIR": str(BUILD / "jax"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "PYTEST_ADDOPTS": f"--numprocesses=0 --override-ini=faulthandler_timeout={HUNG}",
    }
