"""A lock of a study's file, released when its process ends for whatever reason."""

import fcntl
import os
from pathlib import Path

from optuna.storages.journal import JournalFileOpenLock


class ProcessLock(JournalFileOpenLock):
    """A lock that one process, or one thread of it, holds at a time.

    The locks of Optuna are files, which a killed process leaves behind.
    """

    def __init__(self, file: Path) -> None:
        """Lock a file by its own descriptor."""
        super().__init__(str(file))
        self._file = file
        self._held = -1

    def acquire(self) -> bool:
        """Wait for the lock."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._held = descriptor
        return True

    def release(self) -> None:
        """Release the lock."""
        os.close(self._held)
