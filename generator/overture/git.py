"""Git, called as a command."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from .errors import GitError

# What a surrounding git process (a hook, an alias) would lead our calls astray with.
_LEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


def git(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run git and return what it printed.

    Raises:
        GitError: If git is absent or fails.
    """
    inherited = {key: value for key, value in os.environ.items() if key not in _LEADING}
    # Nobody answers a prompt of a child process whose output is captured.
    environment = {**inherited, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(env or {})}
    try:
        done = subprocess.run(
            ["git", *map(str, words)],  # noqa: S607
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError as error:
        message = "git is not on the PATH"
        raise GitError(message, "Install git.") from error
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.strip()]
        message = f"git {words[0]}: {lines[-1] if lines else f'exit code {error.returncode}'}"
        raise GitError(message) from error
    return done.stdout.strip()


def succeeds(*words: str | Path, cwd: Path | None = None) -> bool:
    """Tell whether a git command succeeds."""
    try:
        git(*words, cwd=cwd)
    except (GitError, OSError):
        return False
    return True


def is_root(folder: Path) -> bool:
    """Tell whether a folder is the root of a git work tree."""
    try:
        return Path(git("rev-parse", "--show-toplevel", cwd=folder)).resolve() == folder.resolve()
    except (GitError, OSError):
        return False


def newest_tag(repository: Path) -> str | None:
    """Return the newest released version among the tags, as Copier chooses it."""
    from packaging.version import InvalidVersion, Version

    found: dict[Version, str] = {}
    for tag in git("tag", "--list", cwd=repository).splitlines():
        try:
            version = Version(tag)
        except InvalidVersion:
            continue
        if not version.is_prerelease:
            found[version] = tag
    return found[max(found)] if found else None
