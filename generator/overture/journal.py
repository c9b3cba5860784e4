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
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import strftime
from typing import Literal, Self, TypeAlias

from .changes import Change
from .errors import ProjectError
from .files import File, read, remove, write
from .git import git, lines
from .markers import marked
from .merging import Stages
from .project import Project

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
        entries: What it does to each path.
        index: What git's index held of the files in conflict, a line for each.
        conflicts: The files in which conflicts are marked.
    """

    folder: Path
    phase: Phase
    command: str
    entries: Mapping[str, Entry]
    index: tuple[str, ...]
    conflicts: tuple[str, ...]

    @classmethod
    def load(cls, project: Project) -> Self | None:
        """Return the journal that a change left, if one did."""
        folder = project.state
        try:
            stated = json.loads((folder / _JOURNAL).read_text(encoding="utf-8"))
        except FileNotFoundError:
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
        ProjectError: If another run holds it.
    """
    project.state.mkdir(parents=True, exist_ok=True)
    with (project.state / _LOCK).open("w") as lock:
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
    conflicts = tuple(change.conflicts)
    staged = lines("ls-files", "--stage", "-z", "--", *conflicts, cwd=project.root)
    journal = Journal(
        project.state,
        "applying",
        command,
        {path: Entry(change.before.get(path), change.after.get(path)) for path in change.paths},
        staged if conflicts else (),
        conflicts,
    )
    journal.save()
    try:
        for path, entry in journal.entries.items():
            _put(project, path, entry.after)
        _mark(project, change.conflicts)
    except BaseException as error:
        undo(project, journal)
        if isinstance(error, OSError):
            message = f"{error.filename} cannot be written: {error.strerror}"
            raise ProjectError(message, "Nothing was changed.") from error
        raise
    if conflicts:
        Journal(
            journal.folder, "conflicted", command, journal.entries, journal.index, conflicts
        ).save()
    else:
        journal.close()


def undo(project: Project, journal: Journal) -> tuple[str, ...]:
    """Give every file of a change its former content, and forget the change.

    Returns:
        Where copies lie of files that were edited since; they are kept in the repository's folder.
    """
    kept: list[str] = []
    for path, entry in journal.entries.items():
        _sweep(project.root / path)
        now = read(project.root / path)
        if now == entry.before:
            continue
        if now is not None and now != entry.after:
            copy = journal.folder / "aborted" / strftime("%Y%m%dT%H%M%S") / path
            write(copy, now)
            kept.append(str(copy))
        _put(project, path, entry.before)
    if journal.conflicts:
        _restore_index(project, journal)
    journal.close()
    return tuple(kept)


def recovered(project: Project) -> bool:
    """Undo what a killed run left, and tell whether there was anything.

    Raises:
        ProjectError: If a change waits for its conflicts to be solved.
    """
    journal = Journal.load(project)
    if journal is None:
        return False
    if journal.phase == "conflicted":
        open_ = {*project.unmerged(), *marked(project, journal.conflicts)}
        if not open_:  # solved and recorded by git itself
            journal.close()
            return False
        message = f"`{journal.command}` left conflicts in {', '.join(journal.conflicts)}"
        remedy = (
            "Solve them and run `overture update --continue`, or undo it with"
            " `overture update --abort`."
        )
        raise ProjectError(message, remedy)
    undo(project, journal)
    return True


def _put(project: Project, path: str, file: File | None) -> None:
    if file is None:
        remove(project.root / path, project.root)
    else:
        write(project.root / path, file)


def _sweep(path: Path) -> None:
    """Remove what a killed run left beside a file."""
    path.with_name(f".{path.name}.overture").unlink(missing_ok=True)


def _mark(project: Project, conflicts: Mapping[str, Stages]) -> None:
    """Record conflicts in git's index, as a merge does."""
    prefix = git("rev-parse", "--show-prefix", cwd=project.root)
    listed = []
    for path, stages in conflicts.items():
        listed.append(f"0 {'0' * 40}\t{prefix}{path}")
        for number, file in enumerate((stages.base, stages.ours, stages.theirs), start=1):
            mode = "100755" if file.executable else "100644"
            listed.append(f"{mode} {_blob(project, file)} {number}\t{prefix}{path}")
    _index(project, listed)


def _blob(project: Project, file: File) -> str:
    aside = project.state / "blob"
    aside.write_bytes(file.content)
    try:
        return git("hash-object", "-w", "--no-filters", "--", aside, cwd=project.root)
    finally:
        aside.unlink()


def _restore_index(project: Project, journal: Journal) -> None:
    prefix = git("rev-parse", "--show-prefix", cwd=project.root)
    gone = [f"0 {'0' * 40}\t{prefix}{path}" for path in journal.conflicts]
    staged = []
    for line in journal.index:
        entry, path = line.split("\t", 1)
        staged.append(f"{entry}\t{prefix}{path}")
    _index(project, [*gone, *staged])


def _index(project: Project, listed: list[str]) -> None:
    if listed:
        text = "".join(f"{line}\0" for line in listed)
        git("update-index", "-z", "--index-info", cwd=project.root, text=text)
