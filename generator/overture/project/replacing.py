"""Files replaced by renames alone, after all that needs room is written beside them.

So a change can be undone on a full disk. The files beside are hidden; `finish` removes them.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from overture.files import File, aside_of, remove, write_aside


def stage(path: Path, file: File | None) -> None:
    """Write the new file beside a path, if there is one, and keep the present one under a link."""
    former = _former_of(path)
    former.unlink(missing_ok=True)
    if path.exists():
        try:
            os.link(path, former)
        except OSError:  # the file system has no links
            shutil.copy2(path, former)
    if file is not None:
        write_aside(path, file)


def switch(path: Path, file: File | None) -> None:
    """Put the staged file into its place, or remove the present one."""
    if file is None:
        path.unlink(missing_ok=True)
    else:
        aside_of(path).replace(path)


def switch_back(path: Path) -> bool:
    """Put the former file back, and return whether there was one."""
    try:
        _former_of(path).replace(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def finish(path: Path, top: Path) -> None:
    """Remove what is left beside a path, and the folders above it that become empty."""
    discard(path)
    with suppress(FileNotFoundError, NotADirectoryError):
        _former_of(path).unlink()
    if path.parent.is_dir() and not path.exists():
        remove(path, top)


def discard(path: Path) -> None:
    """Remove the new file that was written beside a path, if there is one."""
    with suppress(FileNotFoundError, NotADirectoryError):
        aside_of(path).unlink()


def _former_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.overture-former")
