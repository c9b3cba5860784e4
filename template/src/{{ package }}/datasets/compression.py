"""Compression of text files, by the suffix of their names."""

from pathlib import Path, PurePath
from typing import BinaryIO

import pyarrow as pa

from ..files import readable

CODECS = {".gz": "gzip", ".bz2": "bz2", ".zst": "zstd"}
CHUNK = 1 << 20  # bytes


def reading(path: Path) -> pa.NativeFile:
    """Open a file for reading; what it yields is not compressed.

    Raises:
        FileNotFoundError: If the file does not exist.
    """
    return pa.input_stream(readable(path), compression=_codec(path))


def writing(aside: Path, path: Path) -> pa.NativeFile:
    """Open a temporary file for writing, compressed as the name of its destination says."""
    return pa.output_stream(str(aside), compression=_codec(path))


def copy_lines(path: Path, file: BinaryIO) -> None:
    """Copy the lines of a file unchanged, the last one with a line break."""
    last = b"\n"
    with reading(path) as older:
        while chunk := older.read(CHUNK):
            file.write(chunk)
            last = chunk[-1:]
    if last != b"\n":
        file.write(b"\n")


def _codec(path: Path) -> str | None:
    return CODECS.get(PurePath(path.name).suffix)
