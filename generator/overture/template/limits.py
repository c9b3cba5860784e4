"""Limits of a rendering, which takes about two seconds and a few MiB."""

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 120
MEMORY = 4 << 30  # bytes, besides what the process has


@contextmanager
def limited() -> Iterator[None]:
    """Limit time and memory meanwhile: the time in the main thread, and the memory on Linux.

    Raises:
        TimeoutError: If it takes too long.
        MemoryError: If it needs too much.
    """
    with _seconds(), _memory():
        yield


@contextmanager
def _seconds() -> Iterator[None]:
    """Limit the time, by a signal; only the main thread receives it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise TimeoutError(f"it takes more than {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, end)
    left = signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *left)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory() -> Iterator[None]:
    """Limit the memory, as addresses."""
    sizes = Path("/proc/self/statm")
    if not sizes.exists():
        yield
        return
    used = int(sizes.read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    stated = [limit for limit in before if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([used + MEMORY, *stated]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
