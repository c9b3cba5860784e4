"""Archives of arrays, whose sizes are checked before anything is unpacked."""

import json
from collections import Counter
from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from types import TracebackType
from typing import Any, Literal, Self
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

KINDS = "biufUV"  # of arrays: numbers, text and records


class Archive:
    """A ZIP file of arrays and JSON, without compression."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            OSError: If it cannot be read.
            ValueError: If it is no such archive, or would unpack to more than its own size.
        """
        try:
            self._file = ZipFile(path)
        except (BadZipFile, NotImplementedError) as error:
            raise ValueError(str(error)) from error
        members = self._file.infolist()
        self._arrays: dict[str, NDArray[Any]] = {}
        twice = [name for name, count in Counter(self._file.namelist()).items() if count > 1]
        packed = any(each.compress_type != ZIP_STORED for each in members)
        if packed or twice or sum(each.file_size for each in members) > path.stat().st_size:
            self._file.close()
            raise ValueError("its members are compressed, or larger than the file")

    def __enter__(self) -> Self:
        """Return the archive, which is closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def document(self, name: str) -> Any:
        """Return the content of a member in JSON."""
        return json.loads(self._content(name))

    def array(self, name: str) -> NDArray[Any]:
        """Return the array of a member in the format of NumPy; each is read once.

        Raises:
            ValueError: If it holds Python objects, or its header states another size.
        """
        if name not in self._arrays:
            self._arrays[name] = _array(self._content(name))
        return self._arrays[name]

    def _content(self, name: str) -> bytes:
        try:
            return self._file.read(name)
        except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise ValueError(f"{name}: {error}") from error


def _array(content: bytes) -> NDArray[Any]:
    """Return the array of a content, if its header states the size of the rest."""
    stream = BytesIO(content)
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    try:
        shape, fortran, dtype = read[npy.read_magic(stream)](stream)
    except (LookupError, SyntaxError, TokenError, TypeError) as error:
        raise ValueError(f"the header of an array is invalid: {error}") from error
    stated = dtype.itemsize
    for length in shape:
        stated *= length
    known = dtype.kind in KINDS and not dtype.hasobject and dtype.itemsize > 0
    if not known or min(shape, default=0) < 0 or stated != len(content) - stream.tell():
        raise ValueError("an array has another size or type than its header states")
    order: Literal["F", "C"] = "F" if fortran else "C"
    return np.ndarray(shape, dtype, content, stream.tell(), order=order).copy(order)
