"""The provenance of a run: the code, the interpreter, and the libraries."""

import os
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from re import match

from pydantic import BaseModel, ConfigDict


class Code(BaseModel):
    """A version of this project.

    Attributes:
        commit: The commit of its git repository; none if git does not track this file, as in an
            environment inside another repository.
        dirty: Whether files had uncommitted changes.
    """

    model_config = ConfigDict(frozen=True)

    commit: str | None
    dirty: bool


class Environment(BaseModel):
    """The environment that the code ran in.

    Attributes:
        python: The version of the interpreter.
        platform: The operating system and the machine.
        packages: The version of each library that the project declares and that is installed.
    """

    model_config = ConfigDict(frozen=True)

    python: str
    platform: str
    packages: dict[str, str]


def code() -> Code:
    """Return the version of this project that is running."""
    tracked = _git("ls-files", "--error-unmatch", "--", Path(__file__).name)
    commit = _git("rev-parse", "--verify", "HEAD") if tracked else ""
    return Code(commit=commit or None, dirty=bool(commit and _git("status", "--porcelain")))


def environment(distribution: str) -> Environment:
    """Return the environment that the code is running in.

    Args:
        distribution: The project, as installed.
    """
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        packages=_declared(distribution),
    )


def _declared(distribution: str) -> dict[str, str]:
    """Return the versions of the libraries that a distribution requires, of those that are there.

    Some it requires only on another platform, or for what was not asked for.
    """
    try:
        found = [match(r"[\w.-]+", line) for line in requires(distribution) or ()]
    except PackageNotFoundError:
        return {}
    versions = {name[0]: _version(name[0]) for name in found if name}
    return {name: stated for name, stated in versions.items() if stated}


@cache
def _version(distribution: str) -> str | None:
    """Return the version of a distribution, if it is installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _git(*arguments: str) -> str:
    """Return the output of git in the folder of this file, or nothing if it fails.

    Git states another repository in the environment of its hooks.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=Path(__file__).parent,
            env=own,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
