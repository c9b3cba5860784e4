"""Files of a storage, as Arrow reads them.

Arrow's threads let go of a file, and of its file system, some time after it was read, and the last
to do so ends it. Were that one of those threads while Python itself ends, the process would abort;
so the file system lives as long as the process, and the files that were opened last are kept.
"""

from collections import deque
from collections.abc import Sequence

from pyarrow import PythonFile
from pyarrow.fs import FSSpecHandler, PyFileSystem

from .paths import RemotePath
from .reading import RemoteFile

_KEPT: "deque[PythonFile]" = deque(maxlen=4)


def opened(file: RemoteFile) -> PythonFile:
    """Return what Arrow reads a file from."""
    _KEPT.append(PythonFile(file, mode="r"))
    return _KEPT[-1]


def filesystem(paths: Sequence[RemotePath] = ()) -> PyFileSystem:
    """Return Arrow's file system for reading files, each called by its URL.

    Args:
        paths: Of some files, what a listing said of them.
    """
    _FILES.update((str(path), path) for path in paths)
    return _FILESYSTEM


class _Handler(FSSpecHandler):  # type: ignore[misc]
    """Files by their URLs."""

    def get_type_name(self) -> str:
        return "storage"

    def open_input_file(self, path: str) -> PythonFile:
        return opened((self.fs.get(path) or RemotePath.parse(path)).raw())


_FILES: dict[str, RemotePath] = {}
_FILESYSTEM = PyFileSystem(_Handler(_FILES))
