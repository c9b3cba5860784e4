"""Staged writes to a storage: files are written locally and uploaded once they are complete."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, gettempdir
from threading import Lock

from ..errors import ArtifactError, DataError, ProjectError
from ..room import room
from .paths import RemotePath

LAST = ("manifest.json", "run.json")  # uploaded last, to mark a folder as complete
BLOCK = 4 << 20


@contextmanager
def new_file(place: RemotePath) -> Iterator[Path]:
    """Yield a local file to write, and upload it once it is complete."""
    with _aside(place) as folder:
        yield folder / place.name
        place.storage.put(place.key, folder / place.name)


@contextmanager
def longer_file(place: RemotePath) -> Iterator[Path]:
    """Yield a local file to write, and upload it unless another process modified the old one.

    Raises:
        DataError: If another process modified the file.
    """
    with _lock(str(place)), _aside(place) as folder:
        before = place.look()
        yield folder / place.name
        if not place.storage.put_over(place.key, folder / place.name, before):
            raise DataError(
                f"{place}: another process modified it concurrently, and its version is kept:"
                " run again"
            )


@contextmanager
def new_folder(place: RemotePath) -> Iterator[Path]:
    """Yield a local folder to fill, and upload its files once they are complete.

    The files that mark it as complete come last. If an upload fails, uploaded files are deleted.

    Raises:
        ProjectError: If the folder exists.
    """
    if place.is_dir():
        raise ProjectError(
            f"{place}: a storage cannot replace a folder atomically: choose a new folder, or delete"
            " this one first"
        )
    with _aside(place) as folder:
        yield folder
        _send(folder, place)


@contextmanager
def copied(place: RemotePath) -> Iterator[Path]:
    """Yield a temporary local copy of a folder; errors of the copy name the original."""
    with _aside(place) as folder:
        for found in place.storage.walk(place.key):
            relative = PurePosixPath(found.key).relative_to(place.key)
            if ".." in relative.parts:
                raise DataError(f"{place}: it contains a file outside of it: {relative}")
            target = folder.joinpath(relative)
            target.parent.mkdir(parents=True, exist_ok=True)
            source = RemotePath(place.scheme, place.bucket, found.key, found)
            with source.open() as reading, target.open("wb") as writing:
                shutil.copyfileobj(reading, writing, BLOCK)
        try:
            yield folder
        except ArtifactError as error:
            raise ArtifactError(str(error).replace(str(folder), str(place))) from error


def _send(folder: Path, place: RemotePath) -> None:
    """Upload all files of a folder, or none."""
    files = sorted(
        (path for path in folder.rglob("*") if path.is_file()),
        key=lambda path: (LAST.index(path.name) if path.name in LAST else -1, path),
    )
    sent: list[RemotePath] = []
    try:
        for path in files:
            sent.append(place.joinpath(*path.relative_to(folder).parts))
            place.storage.put(sent[-1].key, path)
    except BaseException:
        for each in sent:
            _take_back(each)
        raise


def _take_back(place: RemotePath) -> None:
    """Delete an uploaded file, if the storage allows it."""
    try:
        place.unlink(missing_ok=True)
    except ProjectError:
        return


@contextmanager
def _aside(place: RemotePath) -> Iterator[Path]:
    """Yield a temporary local folder.

    Raises:
        ProjectError: If the disk is full.
    """
    remedy = f"free some in {gettempdir()}, where files are staged, or set another TMPDIR"
    with room(place, remedy), TemporaryDirectory() as folder:
        yield Path(folder)


@cache
def _lock(url: str) -> Lock:
    """Return the lock of a file for the threads of this process."""
    del url
    return Lock()
