"""Checks that a project can be changed safely: its files are committed, its answers are intact."""

import shlex
from collections.abc import Container, Sequence
from dataclasses import replace

from overture.errors import EditedAnswersError, MergedAnswersError, UncommittedError
from overture.project.command_lines import overture_set
from overture.project.project import Project, Recorded

_NAMED = 5  # uncommitted files that a message names


def check_committed(project: Project) -> tuple[str, ...]:
    """Refuse a project in which tracked files have uncommitted changes.

    Returns:
        The files that git neither tracks nor ignores.

    Raises:
        UncommittedError: If some have.
    """
    changed, untracked = project.uncommitted()
    _refuse(project, "uncommitted changes", changed)
    return untracked


def check_untracked(project: Project, untracked: Sequence[str], paths: Container[str]) -> None:
    """Refuse a change of files that git does not track; other untracked files do not matter.

    Args:
        project: The project.
        untracked: The files that git does not track.
        paths: The files that the change writes or removes.

    Raises:
        UncommittedError: If it changes such a file.
    """
    touched = tuple(path for path in untracked if path in paths)
    _refuse(project, "untracked files, which the change would write or remove", touched)


def _refuse(project: Project, what: str, paths: Sequence[str]) -> None:
    if paths:
        named = ", ".join(paths[:_NAMED]) + (" and more" if paths[_NAMED:] else "")
        message = f"{project.root} has {what}: {named}."
        raise UncommittedError(message, "Commit or stash them, or continue with them: --dirty")


def check_answers(project: Project) -> None:
    """Refuse an answers file that the command did not write.

    Raises:
        EditedAnswersError: If it was edited by hand.
        MergedAnswersError: If git merged it.
    """
    if error := changed_answers(project):
        raise error


def changed_answers(project: Project) -> EditedAnswersError | MergedAnswersError | None:
    """Return the error for an answers file that the command did not write, with the remedy."""
    if project.recorded.intact:
        return None
    message = f"{project.answers_file} was edited by hand, so it does not describe the project"
    accept = "If its content is correct: --accept-answers"
    found = project.last_intact()
    if found is None:
        return EditedAnswersError(f"{message}.", accept)
    commit, before = found
    now = project.recorded.answers
    keys = [key for key in {**before.answers, **now} if before.answers.get(key) != now.get(key)]
    wanted = {key: now[key] for key in keys if key in now}
    conflicting = project.recorded.conflicting
    if conflicting or project.merged_since(commit):
        resolve = "keep one of its fingerprints, commit, and " if conflicting else ""
        command = overture_set(wanted) if wanted else "overture update"
        return MergedAnswersError(
            f"Git merged branches that both changed {project.answers_file}.",
            f"Check its answers, {resolve}accept them: {command} --accept-answers",
        )
    restore = shlex.join(("git", "restore", "--source", commit, "--", project.answers_file))
    then = f", commit, then: {overture_set(wanted)}" if wanted else ""
    remedy = f"Restore it: {restore}{then}\n{accept}"
    return EditedAnswersError(f"{message} ({', '.join(keys) or 'its comments'}).", remedy)


def recorded_as_of(project: Project, version: str | None) -> Recorded:
    """Return what a project records, with another version of the template if one is given."""
    return replace(project.recorded, version=version) if version else project.recorded
