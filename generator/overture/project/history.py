"""The git history of a new project."""

from pathlib import Path
from typing import Literal, TypeAlias

from overture.errors import GitError
from overture.git import config, git, succeeds

History: TypeAlias = Literal["committed", "staged", "inside", "absent"]

_MESSAGE = "Start from Overture"


def start_history(project: Path, target: Path) -> History:
    """Start the git history of a project that will be moved to a target.

    Returns:
        `committed`; `staged` if git could not commit; `inside` if the target is in a repository,
        which then holds the project; `absent` if git failed.
    """
    above = next(parent for parent in target.parents if parent.is_dir())
    if succeeds("rev-parse", "--is-inside-work-tree", cwd=above) and not succeeds(
        "check-ignore", "--quiet", target, cwd=above
    ):
        return "inside"
    branch = () if config("init.defaultBranch", above) else ("-c", "init.defaultBranch=main")
    try:
        git(*branch, "init", "--quiet", "--template=", project)
    except GitError:
        return "absent"
    return commit(project)


def commit(project: Path) -> History:
    """Commit all files of a new project to its repository.

    Returns:
        `committed`; `staged` if git could not commit; `absent` if git failed.
    """
    try:
        # The user's ignore patterns do not concern the template's files.
        git("add", "--all", "--force", cwd=project)
    except GitError:
        return "absent"
    # Git would derive a name from the machine's; only one that the user configured is accepted.
    if not succeeds("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT", cwd=project):
        return "staged"
    return "committed" if succeeds("commit", "--quiet", "-m", _MESSAGE, cwd=project) else "staged"
