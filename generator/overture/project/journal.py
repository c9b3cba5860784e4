"""A change carried out: whole or not at all, whenever it is interrupted.

Everything that a change writes, and everything that it replaces, first lies in the repository's own
folder, beside a journal of what goes where. A run that is stopped undoes what it did; what a killed
run left is undone by the next. A change that ends in conflicts keeps its journal, until it is
continued or aborted.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import strftime
from typing import Literal, Self, TypeAlias

from overture.errors import ProjectError
from overture.files import File, read, remove, write
from overture.project.changes import Change
from overture.project.index import held, mark, restore
from overture.project.markers import marked
from overture.project.project import Project

Phase: TypeAlias = Literal["applying", "conflicted"]
_JOURNAL, _BLOBS, _LOCK = "journal.json", "blobs", "lock"


@dataclass(frozen=True)
class Entry:
    """One file of a change: what it was, and what it becomes; nothing where there is none."""

    before: File | None
    after: File | None


@dataclass(frozen=True)
class Journal:
    """What a change does, as it lies on the disk.

    Attributes:
        folder: Where it lies.
        phase: How far the change has come.
        command: The command that made it.
        head: The commit that it began at.
        entries: What it does to each path.
        index: What git's index held of those paths.
        conflicts: The files in which conflicts are marked.
    """

    folder: Path
    phase: Phase
    command: str
    head: str
    entries: Mapping[str, Entry]
    index: tuple[str, ...]
    conflicts: tuple[str, ...]

    @classmethod
    def load(cls, project: Project) -> Self | None:
        """Return the journal that a change left, if one did."""
        folder = project.state
        try:
            stated = json.loads((folder / _JOURNAL).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None

        def file(entry: list[object] | None) -> File | None:
            if entry is None:
                return None
            return File((folder / _BLOBS / str(entry[0])).read_bytes(), bool(entry[1]))

        entries = {
            path: Entry(file(before), file(after))
            for path, (before, after) in stated["entries"].items()
        }
        return cls(
            folder,
            stated["phase"],
            stated["command"],
            stated["head"],
            entries,
            tuple(stated["index"]),
            tuple(stated["conflicts"]),
        )

    def save(self) -> None:
        """Write it to the disk: the files first, the journal last and in one step."""
        blobs = self.folder / _BLOBS
        blobs.mkdir(parents=True, exist_ok=True)

        def stored(file: File | None) -> list[object] | None:
            if file is None:
                return None
            name = sha256(file.content).hexdigest()
            if not (blobs / name).exists():
                (blobs / f"{name}.part").write_bytes(file.content)
                (blobs / f"{name}.part").replace(blobs / name)
            return [name, file.executable]

        stated = {
            "phase": self.phase,
            "command": self.command,
            "head": self.head,
            "entries": {
                path: [stored(entry.before), stored(entry.after)]
                for path, entry in self.entries.items()
            },
            "index": self.index,
            "conflicts": self.conflicts,
        }
        part = self.folder / f"{_JOURNAL}.part"
        with part.open("w", encoding="utf-8") as stream:
            json.dump(stated, stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self.folder / _JOURNAL)

    def close(self) -> None:
        """Forget the change."""
        (self.folder / _JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(self.folder / _BLOBS, ignore_errors=True)


@contextmanager
def locked(project: Project) -> Iterator[None]:
    """Hold the project, so that no second run changes it at the same time.

    Raises:
        ProjectError: If another run holds it, or its repository cannot be written to.
    """
    try:
        project.state.mkdir(parents=True, exist_ok=True)
        opened = (project.state / _LOCK).open("w")
    except OSError as error:
        message = f"{error.filename} cannot be written: {error.strerror}"
        raise ProjectError(message, "Changes are journalled there. Nothing was changed.") from error
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Another run of overture is changing {project.root}"
            raise ProjectError(message, "Wait until it has ended.") from error
        yield


def carry_out(change: Change, command: str) -> None:
    """Write a change into its project; if it is stopped, nothing is written.

    Raises:
        ProjectError: If a file was changed since the change was computed, or cannot be written.
    """
    project = change.project
    for path in change.paths:
        if read(project.root / path) != change.before.get(path):
            message = f"{path} was changed while the change was computed"
            raise ProjectError(message, "Try again.")
    journal = Journal(
        project.state,
        "applying",
        command,
        project.head,
        {path: Entry(change.before.get(path), change.after.get(path)) for path in change.paths},
        held(project, change.paths),
        tuple(change.conflicts),
    )
    try:
        journal.save()
        for path, entry in journal.entries.items():
            _put(project, path, entry.after)
        if change.conflicts:
            mark(project, change.conflicts, change.conflicts.keys() - change.before.keys())
    except BaseException as error:
        undo(project, journal)
        if isinstance(error, OSError):
            message = f"{error.filename} cannot be written: {error.strerror}"
            raise ProjectError(message, "Nothing was changed.") from error
        raise
    if journal.conflicts:
        replace(journal, phase="conflicted").save()
    else:
        journal.close()


def undo(project: Project, journal: Journal) -> tuple[str, ...]:
    """Give every file of a change its former content, and forget the change.

    Returns:
        Where copies lie of files that were edited since; they are kept in the repository's folder.

    Raises:
        ProjectError: If something else lies where a file was, or it cannot be written.
    """
    remedy = "Mend that, and try again: overture update --abort"
    former = [path for path, entry in journal.entries.items() if entry.before]
    if blocked := [path for path in former if _is_blocked(project.root / path)]:
        message = f"A folder lies where {', '.join(blocked)} was, or a file where its folder was."
        raise ProjectError(message, remedy)
    aside = journal.folder / "aborted" / strftime("%Y%m%dT%H%M%S")
    kept: list[str] = []
    try:
        if journal.phase == "conflicted":  # what is half undone cannot be gone on with
            replace(journal, phase="applying").save()
        for path, entry in journal.entries.items():
            _sweep(project.root / path)
            now = read(project.root / path)
            if now == entry.before:
                continue
            if now is not None and now != entry.after:
                write(aside / path, now)
                kept.append(str(aside / path))
            _put(project, path, entry.before)
    except OSError as error:
        for path in journal.entries:
            _sweep(project.root / path)
        message = f"{error.filename} cannot be written: {error.strerror}"
        told = f"What you had edited since lies in {aside}\n" if kept else ""
        raise ProjectError(message, f"{told}{remedy}") from error
    restore(project, journal.entries, journal.index)
    journal.close()
    return tuple(kept)


def under_way(project: Project) -> Journal | None:
    """Return the change that waits for its end; one that was solved and committed is over."""
    journal = Journal.load(project)
    if journal is None or journal.phase == "applying" or journal.head == project.head:
        return journal
    if _is_open(project, journal):
        return journal
    journal.close()
    return None


def _is_open(project: Project, journal: Journal) -> bool:
    """Tell whether some conflict of a change is not solved."""
    return bool(project.unmerged() or marked(project, journal.conflicts))


def recovered(project: Project) -> tuple[str, ...] | None:
    """Undo what a killed run left.

    Returns:
        What `undo` does; none if nothing was left.

    Raises:
        ProjectError: If a change waits for its conflicts to be solved.
    """
    journal = Journal.load(project)
    if journal is None:
        return None
    if journal.phase == "conflicted":
        if not _is_open(project, journal):  # solved and recorded by git itself
            journal.close()
            return None
        message = f"`{journal.command}` left conflicts in {', '.join(journal.conflicts)}"
        remedy = (
            "Solve them and run `overture update --continue`, or undo it with"
            " `overture update --abort`."
        )
        raise ProjectError(message, remedy)
    return undo(project, journal)


def _put(project: Project, path: str, file: File | None) -> None:
    if file is None:
        remove(project.root / path, project.root)
    else:
        write(project.root / path, file)


def _is_blocked(place: Path) -> bool:
    """Tell whether no file can be written to a place, for what lies there or above."""
    return place.is_dir() or any(parent.is_file() for parent in place.parents)


def _sweep(path: Path) -> None:
    """Remove what a killed run left beside a file."""
    with suppress(FileNotFoundError, NotADirectoryError):
        path.with_name(f".{path.name}.overture").unlink()
