"""The course of `add`, `remove`, `set` and `update`: plan, ask, apply, report."""

import shlex
import signal
import sys
from collections.abc import Sequence

from overture.commands import CONFLICTS
from overture.commands.differences import print_unified
from overture.commands.project_options import ChangeOptions
from overture.commands.reporting import (
    orphans_text,
    print_outcome,
    print_preview,
    print_unchanged,
    print_undone,
)
from overture.project.applying import carry_out, recovered
from overture.project.edits import Edit
from overture.project.journal import locked
from overture.project.opening import Opened
from overture.project.planning import Planned, plan
from overture.project.project import Project
from overture.template.selection import Refused


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
        options: The parsed options.
        words: The command and its arguments, for messages.
        edit: How the answers change.
        to: The version to update to; by default the newest.
        upgrade: Whether the version changes.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    project = Project.find(options.project)
    with locked(project):
        if (kept := recovered(project)) is not None:
            print_undone(kept)
            project = Project.find(options.project)
        planned = _planned(options, project, edit, to=to, upgrade=upgrade)
        if not planned.change.paths:
            print_unchanged(planned, as_json=options.json)
            return 0
        planned = _decided(options, planned)
        written = _approved(options, planned)
        if written:
            carry_out(planned.change, shlex.join(("overture", *words)))
    print_outcome(planned, written=written, previewed=options.asks, as_json=options.json)
    return CONFLICTS if planned.change.conflicts and written else 0


def _planned(
    options: ChangeOptions, project: Project, edit: Edit, *, to: str | None, upgrade: bool
) -> Planned:
    """Plan a change; if it breaks the rules, offer the closest valid one."""

    def planned(edit: Edit) -> Planned:
        return plan(
            project,
            edit,
            to=to,
            upgrade=upgrade,
            decision=options.decision,
            from_version=options.from_,
            dirty=options.dirty,
            accept_answers=options.accept_answers,
        )

    try:
        return planned(edit)
    except Refused as refused:
        if not options.asks or refused.proposal is None:
            raise
        from overture.commands.asking import confirmed

        print(refused.message)
        if not confirmed(f"Also {refused.proposal}?"):
            raise
        answers = refused.proposal.answers

    def also(opened: Opened) -> dict[str, object]:
        return {**edit(opened), **answers}

    return planned(also)


def _decided(options: ChangeOptions, planned: Planned) -> Planned:
    """Ask what becomes of edited files that the template no longer has.

    Raises:
        UndecidedEditsError: If the user cannot be asked.
    """
    if not planned.undecided or options.dry_run:
        return planned
    if not options.asks:
        planned.check_decided()
    from overture.commands.asking import chosen

    print_unified(orphans_text(planned.change))
    named = ", ".join(planned.undecided)
    answer = chosen(
        f"You edited {named}, which the project would no longer have",
        {"keep": "keep them as my own files", "discard": "remove them"},
    )
    return planned.decided("keep" if answer == "keep" else "discard")


def _approved(options: ChangeOptions, planned: Planned) -> bool:
    """Preview a change if the user is asked, and return whether to apply it."""
    if not options.json and (options.dry_run or options.asks):
        print_preview(planned)
    if options.dry_run:
        return False
    if options.asks:
        from overture.commands.asking import confirmed

        return confirmed("Write this change?")
    return True
