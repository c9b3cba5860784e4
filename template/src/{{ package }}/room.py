"""A disk that is full: an error that names what was to be written, and what helps."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import ProjectError

FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def room(place: object, remedy: str) -> Iterator[None]:
    """Write something, for which there must be room.

    Args:
        place: What is written.
        remedy: What helps if no room is left, in a clause.

    Raises:
        ProjectError: If no room is left.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise ProjectError(f"{place}: no room is left: {remedy}") from error
