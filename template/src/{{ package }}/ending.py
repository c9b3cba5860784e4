"""The end of the process: quickly, and by SIGTERM only once temporary files are removed."""

import atexit
import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TERMINATED = 128 + signal.SIGTERM  # the exit code
AGAIN = 0.5  # seconds


def end_quickly() -> None:
    """Let the process end without a last search for garbage.

    It would search all objects that the libraries made, for about a second.
    """
    atexit.register(gc.freeze)


class _Terminated(SystemExit):
    """SIGTERM was received."""


@contextmanager
def terminable() -> Iterator[None]:
    """Raise an exception at SIGTERM, so that temporary files are removed."""
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGALRM, _terminate)
    try:
        yield
    except BaseException as error:
        if _terminating(error):
            raise _Terminated(TERMINATED) from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _terminate(*_: object) -> None:
    """Raise an exception, repeatedly until it is handled.

    Python ignores exceptions in some places, such as the callbacks of weak references.
    """
    if not _terminating(sys.exception()):
        signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
        raise _Terminated(TERMINATED)


def _terminating(error: BaseException | None) -> bool:
    """Return whether an exception was caused by SIGTERM."""
    while error is not None and not isinstance(error, _Terminated):
        error = error.__context__
    return error is not None
