"""Git, called as a command."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from overture.errors import GitError

# Variables of a surrounding git process (a hook, an alias) that would misdirect other git calls.
LEADING = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
)

# Settings by which a repository would have git run programs.
NO_PROGRAMS = {"core.hooksPath": os.devnull, "core.fsmonitor": "false"}
_GIT = ("git", *(word for pair in NO_PROGRAMS.items() for word in ("-c", "=".join(pair))))


def git(
    *words: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    text: str = "",
) -> str:
    """Run git and return its output, without the last line's end.

    No hook is run, and no monitor of the file system.

    Args:
        words: The arguments.
        cwd: The working directory.
        env: Additional environment variables.
        text: Its standard input; empty by default.

    Raises:
        GitError: If git is not installed or fails.
    """
    printed = output(*words, cwd=cwd, env=env, text=text)
    return printed.decode("utf-8", "surrogateescape").removesuffix("\n")


def output(
    *words: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    text: str = "",
) -> bytes:
    """Run git and return its output as bytes; see `git`."""
    inherited = {key: value for key, value in os.environ.items() if key not in LEADING}
    # Nobody answers a prompt of a child process whose output is captured.
    alone = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    environment = {**inherited, **alone, **(env or {})}
    try:
        done = subprocess.run(
            [*_GIT, *map(str, words)],
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
        fatal = [number for number, line in enumerate(said) if line.startswith("fatal: ")]
        last = fatal[-1] if fatal else len(said) - 1
        message = f"git {words[0]}: {said[last] if said else f'exit code {error.returncode}'}"
        raise GitError(message, "\n".join(said[last + 1 :])) from error
    stdout: bytes = done.stdout
    return stdout


def settings_as_variables(
    settings: Mapping[str, str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables by which a child process's git has settings, besides those it has."""
    count = int(environment.get("GIT_CONFIG_COUNT") or 0)
    found = {"GIT_CONFIG_COUNT": str(count + len(settings))}
    for number, (key, value) in enumerate(settings.items(), start=count):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def lines(*words: str | Path, cwd: Path | None = None) -> tuple[str, ...]:
    """Run git with `-z`, and return the listed items."""
    listed = output(*words, cwd=cwd).decode("utf-8", "surrogateescape")
    return tuple(part for part in listed.split("\0") if part)


def succeeds(*words: str | Path, cwd: Path | None = None) -> bool:
    """Tell whether a git command succeeds."""
    try:
        git(*words, cwd=cwd)
    except (GitError, OSError):
        return False
    return True


def config(key: str, cwd: Path | None = None) -> str:
    """Return a value of git's configuration; empty if there is none, or no git."""
    try:
        return git("config", "--get", key, cwd=cwd)
    except (GitError, OSError):
        return ""


def keeps_modes(repository: Path) -> bool:
    """Tell whether a repository's file system keeps the executable bit, as git is configured."""
    words = ("config", "--type=bool", "--default=true", "--get", "core.fileMode")
    return git(*words, cwd=repository) == "true"


def is_root(folder: Path) -> bool:
    """Tell whether a folder is the root of a git work tree."""
    try:
        return Path(git("rev-parse", "--show-toplevel", cwd=folder)).resolve() == folder.resolve()
    except (GitError, OSError):
        return False


def holds(repository: Path, commit: str) -> bool:
    """Tell whether a repository contains a commit."""
    return succeeds("cat-file", "-e", f"{commit}^{{commit}}", cwd=repository)


def is_before(commit: str, other: str, repository: Path) -> bool:
    """Tell whether a commit is an ancestor of another, if the repository contains both."""
    return commit != other and succeeds(
        "merge-base", "--is-ancestor", commit, other, cwd=repository
    )


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
