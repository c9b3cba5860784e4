"""Reading a file of a storage as a stream, or here and there, in bounded memory."""

import io
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

from .base import Found, Storage

PART = 8 << 20  # bytes that are asked for at once
AHEAD = 3  # parts at most that are asked for before they are read, where reading is in order
THREADS = 4


class RemoteFile(io.RawIOBase):
    """A file that is read by ranges of its bytes.

    What is read in order comes in parts, of which the next are on their way. What is read here and
    there is asked for exactly.
    """

    def __init__(self, storage: Storage, found: Found) -> None:
        """Read a file that was found."""
        self._storage = storage
        self._found = found
        self._at = 0
        self._next = 0  # where reading in order would go on
        self._ahead = 0  # parts that are asked for before they are read: 0, 1, AHEAD
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
        """Return how many bytes there are."""
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
        """Read bytes as Arrow would have them, without a copy where that can be."""
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
        """Return bytes that follow those before, and ask for what will follow them."""
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
        """The number of the last part."""
        return (self._found.size - 1) // PART

    def _part(self, number: int) -> memoryview:
        """Return a part."""
        end = min((number + 1) * PART, self._found.size)
        return self._storage.read(self._found, number * PART, end)


@cache
def _threads() -> ThreadPoolExecutor:
    """Return the threads that ask for parts."""
    return ThreadPoolExecutor(THREADS, "storage")
