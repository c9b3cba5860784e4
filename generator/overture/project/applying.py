"""A change applied to its project: completely or not at all, even if it is interrupted.

Everything that a change writes and replaces is first stored in a journal in the repository's own
folder, and beside its place; then files are renamed, which needs no room on the disk. A process
that is stopped undoes what it did; what a killed process left is undone by the next one. A change
that ends in conflicts keeps its journal until it is continued or aborted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import strftime

from overture.errors import (
    BlockedPathError,
    InterruptedChangeError,
    ModifiedError,
    NothingUnderWayError,
    OpenConflictsError,
    UnwritableError,
)
from overture.files import read, remove, write
from overture.project.changes import Change
from overture.project.index import add, held, mark, restore
from overture.project.journal import Journal, Replacement
from overture.project.markers import marked
from overture.project.project import Project
from overture.project.replacing import discard, finish, stage, switch, switch_back


def carry_out(change: Change, command: str) -> None:
    """Write a change into its project; if writing is interrupted, everything is undone.

    Args:
        change: The change.
        command: The command that made it, which messages will name.

    Raises:
        ModifiedError: If a file was modified since the change was computed.
        UnwritableError: If a file cannot be written.
    """
    project = change.project
    for path in change.paths:
        if read(project.root / path) != change.before.get(path):
            message = f"{path} was changed while the change was computed"
            raise ModifiedError(message, "Try again.")
    journal = Journal(
        project.state,
        "applying",
        command,
        project.head,
        {
            path: Replacement(change.before.get(path), change.after.get(path))
            for path in change.paths
        },
        held(project, change.paths),
        tuple(change.conflicts),
    )
    try:
        journal.save()
        for path, replacement in journal.replacements.items():
            stage(project.root / path, replacement.after)
        for path, replacement in journal.replacements.items():
            switch(project.root / path, replacement.after)
        if change.conflicts:
            mark(project, change.conflicts, change.conflicts.keys() - change.before.keys())
            replace(journal, phase="conflicted").save()
    except BaseException as error:
        undo(project, journal)
        if isinstance(error, OSError):
            message = f"{error.filename} cannot be written: {error.strerror}"
            raise UnwritableError(message, "Nothing was changed.") from error
        raise
    _finish(project, journal)
    if not journal.conflicts:
        journal.close()


def undo(project: Project, journal: Journal) -> tuple[str, ...]:
    """Restore the former content of every file of a change, and delete its journal.

    Returns:
        The copies of files that were edited since, which are kept in the repository's folder.

    Raises:
        BlockedPathError: If something else is in the place of a file.
        UnwritableError: If a file cannot be written.
    """
    remedy = "Fix that, and try again: overture update --abort"
    former = [path for path, replacement in journal.replacements.items() if replacement.before]
    if blocked := [path for path in former if _is_blocked(project.root / path)]:
        message = f"A folder replaced {', '.join(blocked)}, or a file replaced its folder."
        raise BlockedPathError(message, remedy)
    aside = journal.folder / "aborted" / strftime("%Y%m%dT%H%M%S")
    kept: list[str] = []
    try:
        if journal.phase == "conflicted":  # a change that is partly undone cannot be continued
            replace(journal, phase="applying").save()
        for path, replacement in journal.replacements.items():
            now = read(project.root / path)
            if now == replacement.before:
                continue
            if now is not None and now != replacement.after:
                write(aside / path, now)
                kept.append(str(aside / path))
            if replacement.before is None:
                remove(project.root / path, project.root)
            elif not switch_back(project.root / path):
                write(project.root / path, replacement.before)
    except OSError as error:
        for path in journal.replacements:
            discard(project.root / path)
        message = f"{error.filename} cannot be written: {error.strerror}"
        copies = f"Your later edits are kept in {aside}\n" if kept else ""
        raise UnwritableError(message, f"{copies}{remedy}") from error
    restore(project, journal.replacements, journal.index)
    _finish(project, journal)
    journal.close()
    return tuple(kept)


def kept_lines(copies: Sequence[str]) -> tuple[str, ...]:
    """Return a line for each copy of the user's later edits of files that were undone."""
    return tuple(f"Your later edits are kept in {path}" for path in copies)


def _under_way(project: Project) -> Journal:
    """Return the journal of the change that is not ended yet.

    Raises:
        NothingUnderWayError: If there is none, or it was resolved and committed.
    """
    journal = Journal.load(project)
    if journal is not None:
        is_committed = journal.phase == "conflicted" and journal.head != project.head
        if not is_committed or _is_open(project, journal):
            return journal
        journal.close()
    message = f"No change is under way in {project.root}."
    raise NothingUnderWayError(message, "See what an update changes: overture update --dry-run")


def _is_open(project: Project, journal: Journal) -> bool:
    """Tell whether a change has unresolved conflicts."""
    return bool(project.unmerged() or marked(project, journal.conflicts))


@dataclass(frozen=True)
class End:
    """How an earlier change was ended.

    Attributes:
        command: The command that made the change.
        conflicts: Where conflicts are still marked, as `path:line`; if there are any, the change
            is not ended.
        kept: The copies of files that were edited since.
    """

    command: str
    conflicts: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def continue_change(project: Project) -> End:
    """End a change whose conflicts are resolved.

    Raises:
        NothingUnderWayError: If there is no such change.
        InterruptedChangeError: If it was interrupted; it is undone.
    """
    journal = _under_way(project)
    if journal.phase == "applying":
        kept = undo(project, journal)
        message = f"`{journal.command}` was interrupted, so it cannot be continued."
        remedy = "\n".join(("Its changes were undone. Run it again.", *kept_lines(kept)))
        raise InterruptedChangeError(message, remedy)
    if unresolved := marked(project, journal.conflicts):
        return End(journal.command, conflicts=unresolved)
    add(project, journal.conflicts)
    _finish(project, journal)
    journal.close()
    return End(journal.command)


def abort_change(project: Project) -> End:
    """Undo a change that left conflicts, or was interrupted.

    Raises:
        NothingUnderWayError: If there is no such change.
    """
    journal = _under_way(project)
    return End(journal.command, kept=undo(project, journal))


def recovered(project: Project) -> tuple[str, ...] | None:
    """Undo what a killed process left.

    Returns:
        The copies that `undo` keeps; none if nothing was left.

    Raises:
        OpenConflictsError: If an earlier change has unresolved conflicts.
    """
    journal = Journal.load(project)
    if journal is None:
        return None
    if journal.phase == "applying":
        return undo(project, journal)
    _finish(project, journal)
    if _is_open(project, journal):
        raise _open_conflicts(journal)
    journal.close()  # resolved and recorded by git itself
    return None


def check_idle(project: Project) -> None:
    """Refuse a project in which an earlier change is not ended.

    Raises:
        InterruptedChangeError: If an earlier change was interrupted.
        OpenConflictsError: If an earlier change has unresolved conflicts.
    """
    journal = Journal.load(project)
    if journal is None:
        return
    if journal.phase == "applying":
        message = f"`{journal.command}` was interrupted, and its changes are not undone yet"
        raise InterruptedChangeError(message, "Undo them: overture update --abort")
    if _is_open(project, journal):
        raise _open_conflicts(journal)


def _open_conflicts(journal: Journal) -> OpenConflictsError:
    message = f"`{journal.command}` left conflicts in {', '.join(journal.conflicts)}"
    remedy = (
        "Resolve them and run `overture update --continue`, or undo the change with"
        " `overture update --abort`."
    )
    return OpenConflictsError(message, remedy)


def _finish(project: Project, journal: Journal) -> None:
    """Remove the hidden files that a change wrote beside others."""
    for path in journal.replacements:
        finish(project.root / path, project.root)


def _is_blocked(place: Path) -> bool:
    """Tell whether a folder at a place, or a file above it, keeps a file from being written."""
    return place.is_dir() or any(parent.is_file() for parent in place.parents)
