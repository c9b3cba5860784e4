"""The git history that a new project starts with."""

from pathlib import Path
from typing import Literal, TypeAlias

from overture.errors import GitError
from overture.git import git, succeeds

History: TypeAlias = Literal["committed", "staged", "inside", "absent"]

_MESSAGE = "Start from Overture"


def started(project: Path, target: Path) -> History:
    """Start the history of a project that will be moved to a target.

    Returns:
        `committed`; or `staged`, if git does not know who commits or refuses to; or `inside`, if
        the target lies in a repository, which then holds the project; or `absent`, without git.
    """
    above = next(parent for parent in target.parents if parent.is_dir())
    if succeeds("rev-parse", "--is-inside-work-tree", cwd=above) and not succeeds(
        "check-ignore", "--quiet", target, cwd=above
    ):
        return "inside"
    named = succeeds("config", "init.defaultBranch", cwd=above)
    try:
        git(*(() if named else ("-c", "init.defaultBranch=main")), "init", "--quiet", project)
        git("add", "--all", cwd=project)
    except GitError:
        return "absent"
    # Git would make up a name from the machine's; only one that the person gave will do.
    if not succeeds("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT", cwd=project):
        return "staged"
    return "committed" if succeeds("commit", "--quiet", "-m", _MESSAGE, cwd=project) else "staged"
