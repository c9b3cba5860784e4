"""Checks that a project can be changed safely: all is committed, and its answers are intact."""

import shlex
from dataclasses import replace

from overture.errors import EditedAnswersError, UncommittedError
from overture.project.command_lines import overture_set
from overture.project.project import Project, Recorded

_NAMED = 5  # uncommitted files that a message names


def check_committed(project: Project) -> None:
    """Refuse a project with uncommitted changes.

    Raises:
        UncommittedError: If there are some.
    """
    if uncommitted := project.uncommitted():
        named = ", ".join(uncommitted[:_NAMED]) + (" and more" if uncommitted[_NAMED:] else "")
        message = f"{project.root} has uncommitted changes: {named}."
        raise UncommittedError(message, "Commit or stash them, or continue with them: --dirty")


def check_answers(project: Project) -> None:
    """Refuse an answers file that was edited by hand.

    Raises:
        EditedAnswersError: If it was.
    """
    if error := edited_answers(project):
        raise error


def edited_answers(project: Project) -> EditedAnswersError | None:
    """Return the error for an answers file that was edited by hand, with the remedy."""
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
    restore = shlex.join(("git", "restore", "--source", commit, "--", project.answers_file))
    wanted = {key: now[key] for key in keys if key in now}
    then = f", commit, then: {overture_set(wanted)}" if wanted else ""
    remedy = f"Restore it: {restore}{then}\n{accept}"
    return EditedAnswersError(f"{message} ({', '.join(keys) or 'its comments'}).", remedy)


def recorded_as_of(project: Project, version: str | None) -> Recorded:
    """Return what a project records, with another version of the template if one is given."""
    return replace(project.recorded, version=version) if version else project.recorded
