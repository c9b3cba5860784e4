"""Changes planned as values and then applied, without a terminal."""

import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from overture.errors import UndecidedEditsError
from overture.project.applying import carry_out, check_idle
from overture.project.changes import Change, Decision, compute_change
from overture.project.command_lines import overture_set
from overture.project.edits import Edit, setting
from overture.project.exposed import exposed
from overture.project.integrity import (
    check_answers,
    check_committed,
    check_untracked,
    recorded_as_of,
)
from overture.project.journal import locked
from overture.project.moves import Moves
from overture.project.opening import Opened, members
from overture.project.project import Project
from overture.project.references import Reference, references
from overture.project.renderings import Rendering, recorded_rendering
from overture.template.catalogue import Catalogue
from overture.template.changelog import Release, releases
from overture.template.interview import Answers
from overture.template.selection import Proposal, Refused, nearest_valid


@dataclass(frozen=True)
class Planned:
    """A planned change of a project; nothing is written before `apply`.

    Attributes:
        change: What changes.
        moves: The files that get another path.
        catalogue: The components of the template's new version.
        releases: The changelog's entries that concern the project, by version.
        decision: What becomes of edited files that the template no longer has, if it is decided.
    """

    change: Change
    moves: Moves
    catalogue: Catalogue
    releases: tuple[Release, ...]
    decision: Decision | None

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The lines of the user's files that use what the change removes or moves."""
        return references(self.change, self.catalogue)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The edited files that the template no longer has, if it is not decided what to do."""
        return () if self.decision else self.change.orphans

    def decided(self, decision: Decision) -> "Planned":
        """Return the plan in which edited files that the template no longer has are decided."""
        change = self.change
        if decision == "discard" and change.orphans:
            change = compute_change(change.project, change.old, change.new, self.moves, decision)
        return replace(self, change=change, decision=decision)

    def check_decided(self) -> None:
        """Refuse a plan that leaves open what becomes of edited files.

        Raises:
            UndecidedEditsError: If it does.
        """
        if self.undecided:
            lost = ", ".join(self.undecided)
            message = f"You edited {lost}, which the project would no longer have."
            remedy = "Keep them as your own files: --keep-edited. Remove them: --discard-edited."
            raise UndecidedEditsError(message, remedy)


def plan(  # noqa: PLR0913 - options of the public interface, by keyword
    project: Project | Path | str,
    edit: Edit | Mapping[str, object] | None = None,
    *,
    to: str | None = None,
    upgrade: bool = False,
    decision: Decision | None = None,
    from_version: str | None = None,
    dirty: bool = False,
    accept_answers: bool = False,
) -> Planned:
    """Plan a change of a project, and write nothing.

    Args:
        project: The project, or a folder in it.
        edit: The answers to change, or a function that returns all answers.
        to: The template's version to upgrade to.
        upgrade: Whether to upgrade to the newest version if `to` names none.
        decision: Whether to `keep` or to `discard` edited files that the template no longer has.
        from_version: The version that the project follows, if the recorded one is gone.
        dirty: Whether uncommitted changes are accepted.
        accept_answers: Whether an answers file that was edited by hand is accepted.

    Raises:
        Refused: If the answers break the rules; it holds the closest valid change.
        ProjectError: If the project cannot be changed in its present state.
        SourceError: If the template or the version cannot be read.
    """
    found = project if isinstance(project, Project) else Project.find(Path(project))
    check_idle(found)
    untracked = () if dirty else check_committed(found)
    if not accept_answers:
        check_answers(found)
    recorded = recorded_as_of(found, from_version)
    upgrade = upgrade or to is not None
    with ExitStack() as stack:
        opened = stack.enter_context(Opened.open(found, recorded))
        if upgrade:
            opened = stack.enter_context(opened.upgraded(to))
        opened.check_answers()
        answers = _resolved(opened, edit if callable(edit) else setting(edit or {}))
        old = recorded_rendering(found, opened.old, recorded)
        new = Rendering.of(found, opened.new, answers)
        migrated = opened.migrations.moved(opened.new.interview, answers)
        moves = Moves.of(found, old, new, migrated)
        change = compute_change(found, old, new, moves, decision or "keep")
        change = replace(change, notes=(*change.notes, *map(_exposed_note, exposed(change))))
        check_untracked(found, untracked, change.paths)
        news = _news(opened, change) if upgrade else ()
        return Planned(change, moves, opened.new.catalogue, news, decision)


def apply(planned: Planned) -> tuple[str, ...]:
    """Write a planned change; if writing is interrupted, everything is undone.

    Returns:
        The files in which conflicts are marked.

    Raises:
        UndecidedEditsError: If the plan leaves open what becomes of edited files.
        ProjectError: If the project was changed since, or cannot be written.
    """
    with locked(planned.change.project):
        check_idle(planned.change.project)
        planned.check_decided()
        carry_out(planned.change, "overture.apply")
    return tuple(planned.change.conflicts)


def _resolved(opened: Opened, edit: Edit) -> Answers:
    """Return all answers after an edit.

    Raises:
        Refused: If the answers break the rules.
    """
    interview, catalogue = opened.new.interview, opened.new.catalogue
    given = interview.stated(edit(opened))
    outcome = interview.resolve(given)
    if not outcome.refusals:
        return outcome.answers
    if opened.unknown(given):
        raise Refused(outcome.refusals)
    wanted = opened.ids(opened.answers) ^ opened.ids(given)
    proposal = nearest_valid(interview, catalogue, given, wanted)
    if proposal is None:
        remedy = "No valid selection is within a few changes."
        raise Refused(outcome.refusals, remedy=remedy)
    if not proposal.adjustments:
        raise Refused(outcome.refusals)
    command = _command(opened, proposal)
    remedy = f"The closest valid change: {command}"
    raise Refused(outcome.refusals, proposal, command, remedy)


def _command(opened: Opened, proposal: Proposal) -> str:
    """Return the `overture` command that leads to a proposal."""
    before, after = opened.ids(opened.answers), opened.ids(proposal.answers)
    added = [entry.id for entry in opened.new.catalogue if entry.id in after - before]
    removed = [entry.id for entry in opened.new.catalogue if entry.id in before - after]
    if not removed:
        return shlex.join(("overture", "add", *added))
    if not added:
        return shlex.join(("overture", "remove", *removed))
    changed = {
        family: value
        for family, value in proposal.answers.items()
        if value != opened.answers.get(family)
    }
    return overture_set(changed)


def _exposed_note(path: str) -> str:
    return f"git would no longer ignore {path}: delete it, or keep its pattern in .gitignore."


def _news(opened: Opened, change: Change) -> tuple[Release, ...]:
    ids = {entry.id for entry in opened.new.catalogue}
    chosen = {id_ for value in change.new.answers.values() for id_ in members(value)} & ids
    return releases(opened.new.root, opened.project.recorded.version, ids, chosen)
