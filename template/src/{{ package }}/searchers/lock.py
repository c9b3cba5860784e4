"""A lock of a study's file that goes with its process, however that ends."""

import fcntl
import os
from pathlib import Path

from optuna.storages.journal import JournalFileOpenLock


class ProcessLock(JournalFileOpenLock):
    """What one process, or one thread of it, holds at a time.

    Those of Optuna are files, which a process that is killed leaves behind.
    """

    def __init__(self, file: Path) -> None:
        """Lock a file, by itself."""
        super().__init__(str(file))
        self._file = file
        self._held = -1

    def acquire(self) -> bool:
        """Wait until nobody holds it."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._held = descriptor
        return True

    def release(self) -> None:
        """Let others have it."""
        os.close(self._held)
