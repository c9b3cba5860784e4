"""Writing all or nothing: what is written lies aside until it is whole."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from .errors import ProjectError


def _aside(path: Path) -> Path:
    """Return a fresh hidden name beside a path, on the same file system."""
    return path.with_name(f".{path.name}.{uuid4().hex[:8]}.partial")


def _make_parent(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectError(f"{path}: cannot make its folder: {error.strerror}") from error


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a file to write, and put it in the place of `path` once it is whole.

    Args:
        path: Where it belongs; an older file there stays until the new one is complete.

    Yields:
        Where to write it.
    """
    _make_parent(path)
    aside = _aside(path)
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill, and move it to `path` once it is complete.

    Args:
        path: Where it belongs; nothing may be there.

    Yields:
        The folder to fill.
    """
    _make_parent(path)
    aside = _aside(path)
    aside.mkdir()
    try:
        yield aside
        aside.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
