"""A claim to a folder, which goes with its process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ProjectError


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Let nobody else work in a folder, which is made if it is not there.

    Raises:
        ProjectError: If somebody does already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{folder}: another process searches the same: wait for it, or end it"
            raise ProjectError(message) from error
        yield
    finally:
        os.close(descriptor)
