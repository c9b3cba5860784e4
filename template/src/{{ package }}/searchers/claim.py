"""An exclusive claim to a folder, released when its process ends for whatever reason."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ProjectError


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Claim a folder exclusively, creating it if necessary.

    Raises:
        ProjectError: If another process has claimed it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{folder}: another process runs the same search: wait for it, or stop it"
            raise ProjectError(message) from error
        yield
    finally:
        os.close(descriptor)
