"""Python environments that rendered projects share: created once, under build/, with a lock."""

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
PINS = ROOT / "tests/projects/pins.txt"  # all versions that the gate installs; see `make pins`
HELD = ROOT / "tests/projects/constraints.txt"  # upper bounds for the newest versions
VERSIONS = ("3.11", "3.12", "3.13")
HUNG = 120  # seconds after which a project's test prints its stack
# Requirements of the tests that projects do not declare: those of a user's additions.
BESIDES = ("scipy-stubs",)


def uv() -> str:
    """Return the uv of the development environment."""
    found = shutil.which("uv")
    assert found, "uv is not on the PATH: run the tests with make test"
    return found


def interpreter(version: str) -> Path | None:
    """Return a working Python of a minor version, if this machine has one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = shutil.which(f"python{version}")
    for path in [*([Path(named)] if named else []), *pyenv.glob(f"{version}.*/bin/python")]:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if done.stdout.startswith(f"Python {version}."):
            return path
    return None


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def clean() -> dict[str, str]:
    """Return this process's environment variables, without those that misdirect or slow a child.

    Tests run in parallel, so OpenMP threads would compete for the cores.
    """
    foreign = {
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "UV_PROJECT_ENVIRONMENT",
        "PYTHONDONTWRITEBYTECODE",  # without a cache, each process compiles its imports
    }
    kept = {key: value for key, value in os.environ.items() if key not in foreign}
    return kept | {"OMP_NUM_THREADS": "1"}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a folder against other processes while it is created."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pinned(project: Path, name: str) -> Path:
    """Return the interpreter of an environment with the pinned dependencies of a project.

    The gate has two, with and without the frameworks after the first: skops and SciPy import
    PyTorch wherever it is installed, which delays the start of each process by 9 s. The nightly run
    tests newer and older versions.
    """
    return environment(f"pinned-{name}", declared(project), PINS)


def newest(project: Path, name: str = "newest") -> Path:
    """Return the interpreter of an environment with the newest versions that a project allows."""
    return environment(name, declared(project), HELD)


def declared(project: Path) -> list[str]:
    """Return the requirements of a project and of the tests that run in it."""
    content = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    stated = {*content["project"]["dependencies"], *content["dependency-groups"]["dev"]}
    return sorted({*stated, *BESIDES})


def environment(name: str, wanted: Sequence[str], constraints: Path) -> Path:
    """Return the interpreter of an environment; only the latest of each name is kept."""
    key = "\n".join([*VERSIONS[:1], *wanted, constraints.read_text(encoding="utf-8")])
    folder = BUILD / "environments" / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    with locked(folder.with_name(name)):
        if not (folder / "ready").exists():
            for older in folder.parent.glob(f"{name}-*"):
                shutil.rmtree(older)
            run(uv(), "venv", "--quiet", "--python", "3.11", folder, cwd=ROOT, env=clean())
            install(folder / "bin/python", *wanted, cwd=ROOT, constraints=constraints)
            (folder / "ready").touch()
    return folder / "bin/python"


def install(python: Path, *words: str, cwd: Path, constraints: Path = HELD) -> None:
    """Install requirements with `uv pip install`.

    PyTorch is pinned, and installed from the `find-links` of pip's configuration if it is there: a
    CPU build, many times smaller than that of the registry.
    """
    configured = subprocess.run(
        [shutil.which("pip") or "pip", "config", "get", "global.find-links"],
        capture_output=True,
        text=True,
        check=False,
    )
    links = [word for place in configured.stdout.split() for word in ("--find-links", place)]
    target = ("--quiet", "--python", python, "--constraint", constraints)
    run(uv(), "pip", "install", *target, *links, *words, cwd=cwd, env=clean())


def cache(python: Path) -> Path:
    """Return the cache folder of mypy, one for each worker, since processes cannot share it."""
    return python.parents[1] / f"mypy-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def inside(python: Path, project: Path) -> dict[str, str]:
    """Return the environment variables with which a project runs in a shared environment.

    Its own tests run in one process, so that libraries are imported once; the other core runs
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
