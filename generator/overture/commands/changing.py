"""What `add`, `remove`, `set` and `update` share: from options to a change that is carried out."""

import shlex
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from overture.answers import check_keys
from overture.catalogue import Catalogue
from overture.changelog import Release, releases
from overture.changes import Change, Decision, change
from overture.cli import COMMANDS, CONFLICTS
from overture.entries import Entry
from overture.errors import ProjectError, SelectionError, SourceError
from overture.files import read
from overture.interview import Answers, Interview
from overture.journal import carry_out, locked, recovered
from overture.migrations import Migrations
from overture.preview import copier_command, data, described, orphaned
from overture.project import Project, Recorded
from overture.references import Reference, references
from overture.renderings import Rendering
from overture.selection import Proposal, nearest_valid
from overture.source import Source, reopened

from .arguments import Options, print_json
from .new import in_terminal


class ChangeOptions(Options):
    """The options of every command that changes a project."""

    project: Path
    from_: str | None
    yes: bool
    dry_run: bool
    dirty: bool
    keep_edited: bool
    discard_edited: bool
    accept_answers: bool

    @property
    def asks(self) -> bool:
        """Whether a person is asked: only in a terminal, and unless told otherwise."""
        return in_terminal() and not (self.yes or self.json or self.dry_run)

    @property
    def decision(self) -> Decision | None:
        """What becomes of edited files that the template has no longer, if it is decided."""
        if self.keep_edited:
            return "keep"
        return "discard" if self.discard_edited else None


@dataclass(frozen=True)
class Opened:
    """A project with its template, in the version that it was made from and in the next.

    Attributes:
        project: The project.
        old: The template that it was made from.
        new: The template that it will follow.
        interview: The questions of the next version.
        catalogue: The components of the next version.
        migrations: What moved between the versions.
        answers: The recorded answers, as the next version names them.
    """

    project: Project
    old: Source
    new: Source
    interview: Interview
    catalogue: Catalogue
    migrations: Migrations
    answers: Mapping[str, object]

    def has(self, entry: Entry) -> bool:
        """Tell whether the project has a component."""
        return entry.id in members(self.answers.get(entry.family))


_NAMED = 5  # uncommitted files that a message names
Edit = Callable[[Opened], Mapping[str, object]]


def project_parser(name: str) -> ArgumentParser:
    """Return the parser of a command that looks at a project."""
    made = ArgumentParser(f"overture {name}", description=f"{COMMANDS[name].capitalize()}.")
    made.add_argument(
        "--project", "-C", type=Path, default=Path(), metavar="DIRECTORY", help="the project"
    )
    made.add_argument("--json", action="store_true", help="print JSON")
    made.add_argument(
        "--from",
        dest="from_",
        metavar="VERSION",
        help="the template's version that the project follows, if the recorded one is gone",
    )
    return made


def change_parser(name: str) -> ArgumentParser:
    """Return the parser of a command that changes a project."""
    made = project_parser(name)
    made.add_argument("--yes", "-y", action="store_true", help="ask nothing, and do not confirm")
    made.add_argument("--dry-run", action="store_true", help="show the change, and write nothing")
    made.add_argument("--dirty", action="store_true", help="go on with uncommitted changes")
    edited = made.add_mutually_exclusive_group()
    edited.add_argument(
        "--keep-edited", action="store_true", help="keep edited files of what is removed"
    )
    edited.add_argument("--discard-edited", action="store_true", help="remove them with your edits")
    made.add_argument(
        "--accept-answers",
        action="store_true",
        help="take an answers file that was edited by hand as it is",
    )
    return made


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
        if recovered(project):
            print("What an interrupted run had changed was undone.", file=sys.stderr)
            project = Project.find(options.project)
        recorded = checked(project, options)
        opened = _opened(stack, project, recorded, to if upgrade else recorded.version)
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


def _opened(stack: ExitStack, project: Project, recorded: Recorded, to: str | None) -> Opened:
    try:
        old = stack.enter_context(reopened(recorded.template, recorded.version))
    except SourceError as error:
        message = f"The version that the project was made from is gone: {error.message}"
        raise SourceError(message, "Name the nearest one: --from VERSION") from error
    new = stack.enter_context(reopened(recorded.template, to))
    interview = Interview.load(new.root)
    catalogue = Catalogue.load(new.root, interview.families)
    migrations = Migrations.load(new.root).after(recorded.version)
    answers = migrations.answers(recorded.answers)
    check_keys(answers, interview)
    return Opened(project, old, new, interview, catalogue, migrations, answers)


def _resolved(options: ChangeOptions, opened: Opened, edit: Edit) -> Answers:
    """Return all answers after an edit; where the rules refuse it, offer what they allow.

    Raises:
        SelectionError: If they are refused.
    """
    given = edit(opened)
    outcome = opened.interview.resolve(given)
    if not outcome.refusals:
        return outcome.answers
    wanted = _ids(opened, opened.answers) ^ _ids(opened, given)
    proposal = nearest_valid(opened.interview, opened.catalogue, given, wanted)
    lines = "\n".join(f"{refusal.key}: {refusal.message}" for refusal in outcome.refusals)
    if proposal is None:
        raise SelectionError(lines, "No change of a few components is near that is allowed.")
    if options.asks:
        from overture.prompts import confirmed

        print(lines)
        if confirmed(f"Also {', '.join(map(str, proposal.changes))}?"):
            return opened.interview.resolve({**given, **proposal.answers}).answers
    raise SelectionError(lines, f"The nearest valid change: {_command(opened, proposal)}")


def _command(opened: Opened, proposal: Proposal) -> str:
    """Return the `overture` command that leads to a proposal."""
    before, after = _ids(opened, opened.answers), _ids(opened, proposal.answers)
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


def _ids(opened: Opened, answers: Mapping[str, object]) -> set[str]:
    """Return the components that answers choose."""
    return {id_ for family in opened.interview.families for id_ in members(answers.get(family))}


def members(value: object) -> Sequence[str]:
    """Return the ids that an answer to a family's question holds."""
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []


def _changed(
    options: ChangeOptions, opened: Opened, recorded: Recorded, answers: Answers
) -> Change:
    """Compute the change, and decide what becomes of edited files that lose their place.

    Raises:
        ProjectError: If nobody can be asked, and nothing was said.
    """
    project = opened.project
    interview = Interview.load(opened.old.root)
    before = interview.resolve(recorded.answers).answers
    old = Rendering.of(project, opened.old, interview, before)
    new = Rendering.of(project, opened.new, opened.interview, answers)
    moved = {**opened.migrations.moved(opened.interview, answers), **_renamed_package(old, new)}
    planned = change(project, old, new, moved, options.decision or "keep")
    if not planned.orphans or options.decision or options.dry_run:
        return planned
    if not options.asks:
        lost = ", ".join(planned.orphans)
        message = f"You edited {lost}, which the project would not have any more."
        remedy = "Keep them as files of your own: --keep-edited. Remove them: --discard-edited."
        raise ProjectError(message, remedy)
    from overture.prompts import chosen

    print(orphaned(planned))
    question = f"You edited {', '.join(planned.orphans)}, which the project would not have any more"
    answer = chosen(question, {"keep": "keep them as mine", "discard": "remove them"})
    return planned if answer == "keep" else change(project, old, new, moved, "discard")


def _renamed_package(old: Rendering, new: Rendering) -> dict[str, str]:
    """Return the new path of each file of a package that gets another name."""
    before, after = str(old.answers.get("package", "")), str(new.answers.get("package", ""))
    if before == after or not before:
        return {}
    paths = {
        path: "/".join(after if part == before else part for part in path.split("/"))
        for path in old.files
    }
    return {path: target for path, target in paths.items() if path != target}


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
        from overture.prompts import confirmed

        return confirmed("Write this change?")
    return True


def _warn(planned: Change, used: Sequence[Reference]) -> None:
    for note in planned.notes:
        print(f"Note: {note}")
    for path in planned.orphans:
        fate = "kept" if path in planned.after else "removed"
        print(f"{path}, which you edited, is no longer the template's: {fate}.")
    for reference in used:
        print(f"{reference.path}:{reference.line} uses {reference.name}, which is removed.")


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
