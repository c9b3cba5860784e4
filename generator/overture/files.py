"""The files of a project, as values."""

import errno
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class File:
    """The content of a file, and whether it is executable."""

    content: bytes
    executable: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether git treats it as binary, and so cannot merge it."""
        return is_binary(self.content)

    @property
    def text(self) -> str:
        """Its text, with invalid characters replaced."""
        return self.content.decode("utf-8", "replace")


Files: TypeAlias = Mapping[str, File]
HEAD = 8000  # bytes that git examines to detect binary files
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP}


def is_binary(content: bytes) -> bool:
    """Tell whether git treats content as binary."""
    return b"\0" in content[:HEAD]


def read(path: Path) -> File | None:
    """Return a file; none if it does not exist."""
    try:
        return File(path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR))
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        return None


def read_all(folder: Path, paths: Iterable[str]) -> dict[str, File]:
    """Return the given files of a folder that exist."""
    found = ((path, read(folder / path)) for path in paths)
    return {path: file for path, file in found if file is not None}


def alike(files: Files, others: Files, *, modes: bool) -> dict[str, File]:
    """Normalize files for comparison with others, as git does.

    Line endings that differ throughout a file are replaced by those of the other file.

    Args:
        files: The files.
        others: The files to compare with, at the same paths.
        modes: Whether the file system keeps modes; if not, those of the other file are used.
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
    """Undo the normalization of `alike`: give a file the line endings and mode of a found one."""
    ended = found.content != compared.content and not file.is_binary
    content = file.content.replace(b"\n", b"\r\n") if ended else file.content
    kept = found.executable != compared.executable
    return File(content, (found if kept else file).executable)


def read_folder(folder: Path) -> dict[str, File]:
    """Return all files of a folder, except its git history."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return read_all(folder, (path.as_posix() for path in found if path.parts[0] != ".git"))


def write(path: Path, file: File) -> None:
    """Write a file atomically, and make the folders above it."""
    write_aside(path, file)
    aside_of(path).replace(path)


def write_aside(path: Path, file: File) -> None:
    """Write what will replace a file beside it, and make the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = aside_of(path)
    aside.write_bytes(file.content)
    aside.chmod(0o755 if file.executable else 0o644)
    if path.exists():
        aside.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o111 | (0o111 if file.executable else 0))


def aside_of(path: Path) -> Path:
    """Return the path beside a file at which its replacement is written."""
    return path.with_name(f".{path.name}.overture")


def remove(path: Path, top: Path) -> None:
    """Remove a file, and the folders above it that become empty, up to a top folder."""
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == top:
            return
        try:
            parent.rmdir()
        except OSError:
            return
