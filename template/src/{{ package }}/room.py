"""Errors of the machine's limits, which name the file and a remedy."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import ProjectError

FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def room(place: object, remedy: str) -> Iterator[None]:
    """Convert the error of a full disk into a `ProjectError`.

    Args:
        place: The file or folder that is written.
        remedy: The remedy in the message.

    Raises:
        ProjectError: If the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise ProjectError(f"{place}: no space left: {remedy}") from error


def limit(error: BaseException) -> ProjectError | None:
    """Return the error of a limit of the machine as one with a remedy; none if it is another."""
    if isinstance(error, MemoryError):
        first = str(error).partition("\n")[0]
        reason = f" ({first})" if first else ""
        return ProjectError(f"there is not enough memory{reason}: process fewer rows at once")
    if isinstance(error, OSError) and error.errno in (*FULL, errno.EROFS):
        place = error.filename or "a file"
        return ProjectError(f"{place}: cannot be written: {error.strerror}: make room, or move it")
    return None


def check_writable(aside: Path, path: Path) -> None:
    """Check that a temporary file can be created.

    Args:
        aside: The temporary file.
        path: Its destination, which the message names.

    Raises:
        ProjectError: If it cannot be created, for example without the permission.
    """
    with _creating(path):
        aside.touch()
        aside.unlink()


def make_folder(aside: Path, path: Path) -> None:
    """Create a temporary folder; see `check_writable`."""
    with _creating(path):
        aside.mkdir()


@contextmanager
def _creating(path: Path) -> Iterator[None]:
    """Convert the error of a file or folder that cannot be created into a `ProjectError`."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise
        raise ProjectError(
            f"{path}: cannot be written: {error.strerror}; name another location, or change its"
            " permissions"
        ) from error
