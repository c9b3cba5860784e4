"""The files of a project, as values."""

import errno
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class File:
    """What a file holds, and whether it can be executed."""

    content: bytes
    executable: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether git takes it for binary, and so cannot merge it."""
        return is_binary(self.content)

    @property
    def text(self) -> str:
        """Its text, for people."""
        return self.content.decode("utf-8", "replace")


Files: TypeAlias = Mapping[str, File]
HEAD = 8000  # bytes by which git tells text from what is none
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP}


def is_binary(content: bytes) -> bool:
    """Tell whether git takes a content for binary, by its beginning."""
    return b"\0" in content[:HEAD]


def read(path: Path) -> File | None:
    """Return a file, or nothing if there is none."""
    try:
        return File(path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR))
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        return None


def read_all(folder: Path, paths: Iterable[str]) -> dict[str, File]:
    """Return those of some files of a folder that there are."""
    found = ((path, read(folder / path)) for path in paths)
    return {path: file for path, file in found if file is not None}


def alike(files: Files, others: Files, *, modes: bool) -> dict[str, File]:
    """Return files as git compares them with others.

    Line ends that git, or an editor, wrote in another way are those of the other file.

    Args:
        files: The files.
        others: What they are compared with, by the same paths.
        modes: Whether the file system keeps modes; if not, theirs are those of the other file.
    """
    return {
        path: _alike(file, others[path], modes=modes) if path in others else file
        for path, file in files.items()
    }


def _alike(file: File, other: File, *, modes: bool) -> File:
    ended = file.content.count(b"\r\n") == file.content.count(b"\n")
    plain = ended and b"\r\n" not in other.content and not (file.is_binary or other.is_binary)
    content = file.content.replace(b"\r\n", b"\n") if plain else file.content
    return File(content, (file if modes else other).executable)


def unlike(file: File, found: File, compared: File) -> File:
    """Return a file in the way in which another was found before it was compared by `alike`."""
    ended = found.content != compared.content and not file.is_binary
    content = file.content.replace(b"\n", b"\r\n") if ended else file.content
    kept = found.executable != compared.executable
    return File(content, (found if kept else file).executable)


def read_folder(folder: Path) -> dict[str, File]:
    """Return all files of a folder, except its git history."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return read_all(folder, (path.as_posix() for path in found if path.parts[0] != ".git"))


def write(path: Path, file: File) -> None:
    """Write a file, and the folders above it, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.overture")
    aside.write_bytes(file.content)
    aside.chmod(0o755 if file.executable else 0o644)
    if path.exists():
        aside.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o111 | (0o111 if file.executable else 0))
    aside.replace(path)


def remove(path: Path, top: Path) -> None:
    """Remove a file, and the folders that are empty without it, up to another folder."""
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == top:
            return
        try:
            parent.rmdir()
        except OSError:
            return
