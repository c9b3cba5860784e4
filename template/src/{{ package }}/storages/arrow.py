"""Access of Arrow to the files of a storage.

Arrow's threads release a file and its file system some time after reading, and the last reference
destroys the Python object. In one of those threads at interpreter exit, this aborts the process.
Therefore the file system lives as long as the process, and the last opened files are referenced.
"""

from collections import deque
from collections.abc import Sequence

from pyarrow import PythonFile
from pyarrow.fs import FSSpecHandler, PyFileSystem

from .paths import RemotePath
from .reading import RemoteFile

_KEPT: "deque[PythonFile]" = deque(maxlen=4)


def opened(file: RemoteFile) -> PythonFile:
    """Return a file for Arrow to read."""
    _KEPT.append(PythonFile(file, mode="r"))
    return _KEPT[-1]


def filesystem(paths: Sequence[RemotePath] = ()) -> PyFileSystem:
    """Return Arrow's read-only file system of remote files, whose paths are URLs.

    Args:
        paths: Files from a listing, whose metadata need not be requested again.
    """
    _FILES.update((str(path), path) for path in paths)
    return _FILESYSTEM


class _Handler(FSSpecHandler):  # type: ignore[misc]
    """Read access to files by URL."""

    def get_type_name(self) -> str:
        return "storage"

    def open_input_file(self, path: str) -> PythonFile:
        return opened((self.fs.get(path) or RemotePath.parse(path)).raw())


_FILES: dict[str, RemotePath] = {}
_FILESYSTEM = PyFileSystem(_Handler(_FILES))
