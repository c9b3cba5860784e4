"""Writing to a storage: what is written lies on this machine until it is whole; then it is sent."""

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

LAST = ("manifest.json", "run.json")  # by which a folder is known to be complete
BLOCK = 4 << 20


@contextmanager
def new_file(place: RemotePath) -> Iterator[Path]:
    """Give a file to write, and send it once it is whole."""
    with _aside(place) as folder:
        yield folder / place.name
        place.storage.put(place.key, folder / place.name)


@contextmanager
def longer_file(place: RemotePath) -> Iterator[Path]:
    """Give a file to write, and send it if nobody sent another meanwhile.

    Raises:
        DataError: If another process did.
    """
    with _lock(str(place)), _aside(place) as folder:
        before = place.look()
        yield folder / place.name
        if not place.storage.put_over(place.key, folder / place.name, before):
            raise DataError(
                f"{place}: another process wrote it meanwhile, and what it wrote is kept: run again"
            )


@contextmanager
def new_folder(place: RemotePath) -> Iterator[Path]:
    """Give a folder to fill, and send its files once they are complete.

    Those come last by which it is known to be complete. If sending breaks off, none remains.

    Raises:
        ProjectError: If something lies there.
    """
    if place.is_dir():
        raise ProjectError(
            f"{place}: a storage cannot replace a folder at once: name a folder that is not there,"
            " or delete this one first"
        )
    with _aside(place) as folder:
        yield folder
        _send(folder, place)


@contextmanager
def copied(place: RemotePath) -> Iterator[Path]:
    """Give a copy of a folder, which goes afterwards; what is wrong with it names the folder."""
    with _aside(place) as folder:
        for found in place.storage.walk(place.key):
            relative = PurePosixPath(found.key).relative_to(place.key)
            if ".." in relative.parts:
                raise DataError(f"{place}: it holds a file outside itself: {relative}")
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
    """Send every file of a folder, or none."""
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
    """Delete what was sent, as far as the storage lets it be."""
    try:
        place.unlink(missing_ok=True)
    except ProjectError:
        return


@contextmanager
def _aside(place: RemotePath) -> Iterator[Path]:
    """Give a folder of this machine for what belongs to a storage.

    Raises:
        ProjectError: If no room is left.
    """
    remedy = f"make some in {gettempdir()}, where it lies until it is whole, or name another TMPDIR"
    with room(place, remedy), TemporaryDirectory() as folder:
        yield Path(folder)


@cache
def _lock(url: str) -> Lock:
    """Return the lock of a file among the threads of this process."""
    del url
    return Lock()
