"""Git, called as a command."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from .errors import GitError

# What a surrounding git process (a hook, an alias) would lead our calls astray with.
_LEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


def git(
    *words: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    text: str = "",
) -> str:
    """Run git and return what it printed, without the white space around it.

    Args:
        words: The arguments.
        cwd: Where it runs.
        env: Environment variables besides this process's.
        text: What it reads; nothing by default.

    Raises:
        GitError: If git is absent or fails.
    """
    return output(*words, cwd=cwd, env=env, text=text).decode("utf-8", "surrogateescape").strip()


def output(
    *words: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    text: str = "",
) -> bytes:
    """Run git and return what it printed, as it is; see `git`."""
    inherited = {key: value for key, value in os.environ.items() if key not in _LEADING}
    # Nobody answers a prompt of a child process whose output is captured.
    environment = {**inherited, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(env or {})}
    try:
        done = subprocess.run(
            ["git", *map(str, words)],  # noqa: S607
            cwd=cwd,
            env=environment,
            input=text.encode("utf-8", "surrogateescape"),
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as error:
        message = "git is not on the PATH"
        raise GitError(message, "Install git.") from error
    except subprocess.CalledProcessError as error:
        said = [line for line in error.stderr.decode(errors="replace").splitlines() if line.strip()]
        message = f"git {words[0]}: {said[-1] if said else f'exit code {error.returncode}'}"
        raise GitError(message) from error
    stdout: bytes = done.stdout
    return stdout


def lines(*words: str | Path, cwd: Path | None = None) -> tuple[str, ...]:
    """Run git with `-z`, and return what it listed."""
    listed = output(*words, cwd=cwd).decode("utf-8", "surrogateescape")
    return tuple(part for part in listed.split("\0") if part)


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
