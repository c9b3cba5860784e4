"""Universal Binary JSON, with lengths in 64 bits and typed arrays: https://ubjson.org."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

DEEPEST = 16  # of objects in objects
NUMBERS = {"i": ">i1", "U": ">u1", "I": ">i2", "l": ">i4", "L": ">i8", "d": ">f4", "D": ">f8"}
CONSTANTS: Mapping[str, bool | None] = {"T": True, "F": False, "Z": None}


def decoded(content: bytes) -> Any:
    """Return the value of a document; a typed array is one of NumPy.

    Raises:
        ValueError: If it is not such a document, or holds less than it states.
        KeyError: If a type is unknown.
    """
    return _Reader(content).document()


class _Reader:
    """Reads one value after another."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def document(self) -> Any:
        """Return the only value."""
        value = self._value(0)
        _require(holds=self._at == len(self._content), what="the length of the file")
        return value

    def _value(self, depth: int) -> Any:
        _require(holds=depth <= DEEPEST, what="the depth of objects")
        marker = self._marker()
        if marker == "{":
            return self._object(depth)
        if marker == "[":
            return self._array(depth)
        if marker == "S":
            return self._text()
        if marker in CONSTANTS:
            return CONSTANTS[marker]
        return self._numbers(marker, 1)[0].item()

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._content[self._at : self._at + 1] != b"}":
            name = self._text()
            _require(holds=name not in found, what=f"a second '{name}'")
            found[name] = self._value(depth + 1)
        self._at += 1
        return found

    def _array(self, depth: int) -> Any:
        marker = self._marker()
        kind = self._marker() if marker == "$" else ""
        _require(holds=(self._marker() if kind else marker) == "#", what="the start of an array")
        count = self._count()
        if kind:
            return self._numbers(kind, count)
        return [self._value(depth + 1) for _ in range(count)]

    def _numbers(self, marker: str, count: int) -> NDArray[Any]:
        dtype = np.dtype(NUMBERS[marker])
        return np.frombuffer(self._bytes(count * dtype.itemsize), dtype)

    def _text(self) -> str:
        return self._bytes(self._count()).decode()

    def _count(self) -> int:
        _require(holds=self._marker() == "L", what="the type of a length")
        count = int.from_bytes(self._bytes(8), signed=True)
        _require(holds=0 <= count <= len(self._content) - self._at, what="a length")
        return count

    def _marker(self) -> str:
        return self._bytes(1).decode("latin-1")

    def _bytes(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        _require(holds=self._at <= len(self._content), what="the length of the file")
        return self._content[start : self._at]


def _require(*, holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"{what} is out of range")
