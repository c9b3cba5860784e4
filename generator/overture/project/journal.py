"""The journal of a change: all that the change writes and replaces, stored before it begins."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self, TypeAlias

from overture.errors import LockedError, UnwritableError
from overture.files import File
from overture.project.project import Project

Phase: TypeAlias = Literal["applying", "conflicted"]
_JOURNAL, _BLOBS, _LOCK = "journal.json", "blobs", "lock"


@dataclass(frozen=True)
class Replacement:
    """The file at one path before and after a change; none where there is no file."""

    before: File | None
    after: File | None


@dataclass(frozen=True)
class Journal:
    """What a change does, as stored on disk.

    Attributes:
        folder: The folder that holds the journal.
        phase: How far the change has come.
        command: The command that made the change.
        head: The commit at which the change began.
        replacements: What the change does to each path.
        index: The entries of git's index for those paths before the change.
        conflicts: The files in which conflicts are marked.
    """

    folder: Path
    phase: Phase
    command: str
    head: str
    replacements: Mapping[str, Replacement]
    index: tuple[str, ...]
    conflicts: tuple[str, ...]

    @classmethod
    def load(cls, project: Project) -> Self | None:
        """Return the journal that a change left, if there is one."""
        folder = project.state
        try:
            stated = json.loads((folder / _JOURNAL).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None

        def file(stored: list[object] | None) -> File | None:
            if stored is None:
                return None
            return File((folder / _BLOBS / str(stored[0])).read_bytes(), bool(stored[1]))

        replacements = {
            path: Replacement(file(before), file(after))
            for path, (before, after) in stated["replacements"].items()
        }
        return cls(
            folder,
            stated["phase"],
            stated["command"],
            stated["head"],
            replacements,
            tuple(stated["index"]),
            tuple(stated["conflicts"]),
        )

    def save(self) -> None:
        """Write the journal to disk: the files first, the journal itself last and atomically."""
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
            "replacements": {
                path: [stored(replacement.before), stored(replacement.after)]
                for path, replacement in self.replacements.items()
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
        """Delete the journal."""
        (self.folder / _JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(self.folder / _BLOBS, ignore_errors=True)


@contextmanager
def locked(project: Project) -> Iterator[None]:
    """Lock a project, so that no other process changes it at the same time.

    Raises:
        LockedError: If another process holds the lock.
        UnwritableError: If the project's repository cannot be written.
    """
    try:
        project.state.mkdir(parents=True, exist_ok=True)
        opened = (project.state / _LOCK).open("w")
    except OSError as error:
        message = f"{error.filename} cannot be written: {error.strerror}"
        raise UnwritableError(message, "The journal is there. Nothing was changed.") from error
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Another run of overture is changing {project.root}"
            raise LockedError(message, "Wait until it has ended.") from error
        yield
