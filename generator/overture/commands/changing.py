"""What `add`, `remove`, `set` and `update` share: from options to a change that is carried out."""

import shlex
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from overture.commands import CONFLICTS
from overture.commands.arguments import print_json
from overture.commands.preview import copier_command, data, described, orphaned
from overture.commands.project_options import ChangeOptions
from overture.errors import ProjectError, SelectionError
from overture.files import read
from overture.project.changes import Change, change
from overture.project.journal import carry_out, locked, recovered
from overture.project.moves import Moves
from overture.project.opening import Opened, members
from overture.project.project import Project, Recorded
from overture.project.references import Reference, references
from overture.project.renderings import Rendering, recorded_rendering
from overture.template.changelog import Release, releases
from overture.template.interview import Answers
from overture.template.selection import Proposal, nearest_valid

_NAMED = 5  # uncommitted files that a message names
Edit = Callable[[Opened], Mapping[str, object]]


def run(
    options: ChangeOptions,
    words: Sequence[str],
    edit: Edit,
    *,
    to: str | None = None,
    upgrade: bool = False,
) -> int:
    """Change a project, and return the exit code.

    Args:
        options: What was given.
        words: The command and its arguments, to name it later.
        edit: What the answers become.
        to: The version to update to; the newest by default.
        upgrade: Whether the version changes at all.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    project = Project.find(options.project)
    with locked(project), ExitStack() as stack:
        if (kept := recovered(project)) is not None:
            undone = "What an interrupted run had changed was undone."
            print(undone, *kept_apart(kept), sep="\n", file=sys.stderr)
            project = Project.find(options.project)
        recorded = checked(project, options)
        opened = Opened.of(stack, project, recorded, to if upgrade else recorded.version)
        answers = _resolved(options, opened, edit)
        planned = _changed(options, opened, recorded, answers)
        if not planned.paths:
            print_json({**data(planned, (), ()), "written": False}) if options.json else print(
                f"Nothing changes: {project.root.name} is as it would be."
            )
            return 0
        used = references(planned, opened.catalogue)
        news = _news(opened, planned) if upgrade else ()
        written = _approved(options, planned, used, news)
        if written:
            carry_out(planned, shlex.join(("overture", *words)))
        _report(options, planned, used, news, written=written)
        return CONFLICTS if planned.conflicts and written else 0


def kept_apart(copies: Sequence[str]) -> tuple[str, ...]:
    """Return where a person's later edits lie of files that were undone, a line for each."""
    return tuple(f"What you had edited since lies in {path}" for path in copies)


def checked(project: Project, options: ChangeOptions) -> Recorded:
    """Return what a project records, if the project can be changed.

    Raises:
        ProjectError: If something is not committed, or the answers were edited by hand.
    """
    uncommitted = project.uncommitted()
    if uncommitted and not options.dirty:
        named = ", ".join(uncommitted[:_NAMED]) + (" and more" if uncommitted[_NAMED:] else "")
        message = f"{project.root} has changes that are not committed: {named}."
        raise ProjectError(message, "Commit or stash them, or go on with them: --dirty")
    if not project.recorded.intact and not options.accept_answers:
        raise ProjectError(*edited_answers(project))
    if options.from_:
        found = project.recorded
        return Recorded(found.template, options.from_, found.answers, found.intact)
    return project.recorded


def edited_answers(project: Project) -> tuple[str, str]:
    """Return what is wrong with an answers file that was edited by hand, and the remedy."""
    message = f"{project.answers_file} was edited by hand, so it no longer says what was rendered"
    found = project.last_intact()
    if found is None:
        return f"{message}.", "If it is right nevertheless: --accept-answers"
    commit, before = found
    now = project.recorded.answers
    keys = [key for key in {**before.answers, **now} if before.answers.get(key) != now.get(key)]
    restore = f"git restore --source {commit} -- {project.answers_file}"
    pairs = [f"{key}={_written(now[key])}" for key in keys if key in now]
    wanted = f", commit, then: {shlex.join(('overture', 'set', *pairs))}" if pairs else ""
    remedy = f"Restore it: {restore}{wanted}\nIf it is right nevertheless: --accept-answers"
    return f"{message} ({', '.join(keys) or 'its comments'}).", remedy


def _written(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _resolved(options: ChangeOptions, opened: Opened, edit: Edit) -> Answers:
    """Return all answers after an edit; where the rules refuse it, offer what they allow.

    Raises:
        SelectionError: If they are refused.
    """
    given = opened.interview.stated(edit(opened))
    outcome = opened.interview.resolve(given)
    if not outcome.refusals:
        return outcome.answers
    lines = "\n".join(f"{refusal.key}: {refusal.message}" for refusal in outcome.refusals)
    if opened.unknown(given):
        raise SelectionError(lines)
    wanted = opened.ids(opened.answers) ^ opened.ids(given)
    proposal = nearest_valid(opened.interview, opened.catalogue, given, wanted)
    if proposal is None:
        raise SelectionError(lines, "No change of a few components is near that is allowed.")
    if not proposal.changes:
        raise SelectionError(lines)
    if options.asks:
        from overture.commands.prompts import confirmed

        print(lines)
        if confirmed(f"Also {', '.join(map(str, proposal.changes))}?"):
            return opened.interview.resolve({**given, **proposal.answers}).answers
    raise SelectionError(lines, f"The nearest valid change: {_command(opened, proposal)}")


def _command(opened: Opened, proposal: Proposal) -> str:
    """Return the `overture` command that leads to a proposal."""
    before, after = opened.ids(opened.answers), opened.ids(proposal.answers)
    added = [entry.id for entry in opened.catalogue if entry.id in after - before]
    removed = [entry.id for entry in opened.catalogue if entry.id in before - after]
    if not removed:
        return shlex.join(("overture", "add", *added))
    if not added:
        return shlex.join(("overture", "remove", *removed))
    changed = {
        family: value
        for family, value in proposal.answers.items()
        if value != opened.answers.get(family)
    }
    return shlex.join(
        ("overture", "set", *(f"{key}={_written(value)}" for key, value in changed.items()))
    )


def _changed(
    options: ChangeOptions, opened: Opened, recorded: Recorded, answers: Answers
) -> Change:
    """Compute the change, and decide what becomes of edited files that lose their place.

    Raises:
        ProjectError: If nobody can be asked, and nothing was said.
    """
    project = opened.project
    old = recorded_rendering(project, opened.old, recorded)
    new = Rendering.of(project, opened.new, opened.interview, answers)
    moves = Moves.of(project, old, new, opened.migrations.moved(opened.interview, answers))
    planned = change(project, old, new, moves, options.decision or "keep")
    if not planned.orphans or options.decision or options.dry_run:
        return planned
    if not options.asks:
        lost = ", ".join(planned.orphans)
        message = f"You edited {lost}, which the project would not have any more."
        remedy = "Keep them as files of your own: --keep-edited. Remove them: --discard-edited."
        raise ProjectError(message, remedy)
    from overture.commands.prompts import chosen

    print(orphaned(planned))
    question = f"You edited {', '.join(planned.orphans)}, which the project would not have any more"
    answer = chosen(question, {"keep": "keep them as mine", "discard": "remove them"})
    return planned if answer == "keep" else change(project, old, new, moves, "discard")


def _news(opened: Opened, planned: Change) -> tuple[Release, ...]:
    ids = {entry.id for entry in opened.catalogue}
    chosen = {id_ for value in planned.new.answers.values() for id_ in members(value)} & ids
    return releases(opened.new.root, opened.project.recorded.version, ids, chosen)


def _approved(
    options: ChangeOptions,
    planned: Change,
    used: Sequence[Reference],
    news: Sequence[Release],
) -> bool:
    """Show a change, and tell whether to carry it out."""
    if not options.json and (options.dry_run or options.asks):
        for release in news:
            print(release.version, *(f"  - {entry}" for entry in release.entries), "", sep="\n")
        print(described(planned, colours=sys.stdout.isatty()))
        _warn(planned, used)
    if options.dry_run:
        return False
    if options.asks:
        from overture.commands.prompts import confirmed

        return confirmed("Write this change?")
    return True


def _warn(planned: Change, used: Sequence[Reference]) -> None:
    for note in planned.notes:
        print(f"Note: {note}")
    for path in planned.orphans:
        fate = "kept" if path in planned.after else "removed"
        print(f"{path}, which you edited, is no longer the template's: {fate}.")
    for reference in used:
        fate = f"is now {reference.now}" if reference.now else "is removed"
        print(f"{reference.path}:{reference.line} uses {reference.name}, which {fate}.")


def _report(
    options: ChangeOptions,
    planned: Change,
    used: Sequence[Reference],
    news: Sequence[Release],
    *,
    written: bool,
) -> None:
    if options.json:
        print_json({**data(planned, used, news), "written": written})
        return
    if not written:
        print("\nNothing was written.")
        return
    if not options.asks:
        _warn(planned, used)
    print(f"{len(planned.paths)} files of {planned.project.root.name} changed.")
    if planned.conflicts:
        for path in planned.conflicts:
            print(f"conflict: {path}: {_marks(planned.project.root / path)} to solve")
        print("Solve what is marked, then: overture update --continue")
        print("Or go back to before: overture update --abort")
    else:
        print("Look at it with `git diff`, run your tests, and commit it.")
    print(f"\nThe same by Copier:\n  {copier_command(planned)}")


def _marks(path: Path) -> str:
    file = read(path)
    count = file.content.count(b"<<<<<<< ") if file else 0
    return f"{count} place{'' if count == 1 else 's'}"
