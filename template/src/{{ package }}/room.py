"""The error of a full disk, which names the file and a remedy."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

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
