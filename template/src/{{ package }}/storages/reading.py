"""Sequential and random reads of remote files in bounded memory."""

import io
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

from .base import Found, Storage

PART = 8 << 20  # bytes per request of sequential reads
AHEAD = 3  # the maximum number of parts to read ahead
THREADS = 4


class RemoteFile(io.RawIOBase):
    """A remote file that is read with range requests.

    Sequential reads fetch whole parts and read ahead. Random reads request exactly the bytes that
    are needed.
    """

    def __init__(self, storage: Storage, found: Found) -> None:
        """Open a file, given its metadata."""
        self._storage = storage
        self._found = found
        self._at = 0
        self._next = 0  # the position of the next sequential read
        self._ahead = 0  # the number of parts to read ahead: 0, 1, AHEAD
        self._parts: dict[int, Future[memoryview]] = {}

    def readable(self) -> bool:
        """See `io.IOBase.readable`."""
        return True

    def seekable(self) -> bool:
        """See `io.IOBase.seekable`."""
        return True

    def tell(self) -> int:
        """See `io.IOBase.tell`."""
        return self._at

    def size(self) -> int:
        """Return the size in bytes."""
        return self._found.size

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See `io.IOBase.seek`."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._found.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """See `io.RawIOBase.readinto`."""
        target = memoryview(buffer).cast("B")
        content = self.read_buffer(len(target))
        target[: len(content)] = content
        return len(content)

    def read_buffer(self, size: int) -> memoryview:
        """Read bytes without a copy where possible, for Arrow."""
        start, end = self._at, min(self._at + size, self._found.size)
        if start >= end:
            return memoryview(b"")
        self._at = end
        self._ahead = min(2 * self._ahead + 1, AHEAD) if start == self._next else 0
        self._next = end
        if self._ahead:
            return self._in_order(start, end)
        self._parts.clear()
        return self._storage.read(self._found, start, end)

    def close(self) -> None:
        """See `io.IOBase.close`."""
        for part in self._parts.values():
            part.cancel()
        self._parts.clear()
        super().close()

    def _in_order(self, start: int, end: int) -> memoryview:
        """Return bytes of a sequential read, and read ahead."""
        first, last = start // PART, (end - 1) // PART
        for number in range(first, min(last + self._ahead, self._last) + 1):
            if number not in self._parts:
                self._parts[number] = _threads().submit(self._part, number)
        pieces = []
        for number in range(first, last + 1):
            base = number * PART
            pieces.append(self._parts[number].result()[max(start - base, 0) : end - base])
        for number in [number for number in self._parts if number < end // PART]:
            del self._parts[number]
        return pieces[0] if len(pieces) == 1 else memoryview(b"".join(pieces))

    @property
    def _last(self) -> int:
        """The index of the last part."""
        return (self._found.size - 1) // PART

    def _part(self, number: int) -> memoryview:
        """Return the content of a part."""
        end = min((number + 1) * PART, self._found.size)
        return self._storage.read(self._found, number * PART, end)


@cache
def _threads() -> ThreadPoolExecutor:
    """Return the thread pool for read-ahead."""
    return ThreadPoolExecutor(THREADS, "storage")
