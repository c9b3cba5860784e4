"""The storage interface: buckets of remote files, which are written atomically.

A custom implementation::

    from collections.abc import Iterator
    from pathlib import Path
    from typing import ClassVar, Literal

    from .base import Found, Storage

    FILES: dict[str, bytes] = {}

    class MemoryStorage(Storage):
        scheme: ClassVar[str] = "memory"
        remedy: ClassVar[str] = "use another bucket"
        kind: Literal["memory"] = "memory"

        def look(self, key: str) -> Found | None:
            return Found(key, len(FILES[key]), str(hash(FILES[key]))) if key in FILES else None

        def walk(self, folder: str) -> Iterator[Found]:
            return (Found(key, len(FILES[key]), "") for key in FILES if key.startswith(folder))

        def names(self, folder: str) -> list[str]:
            return sorted({key[len(folder) :].strip("/").split("/")[0] for key in FILES})

        def read(self, found: Found, start: int, end: int) -> memoryview:
            return memoryview(FILES[found.key])[start:end]

        def put(self, key: str, file: Path) -> None:
            FILES[key] = file.read_bytes()

        def put_over(self, key: str, file: Path, before: Found | None) -> bool:
            if unchanged := self.look(key) == before:
                self.put(key, file)
            return unchanged

        def delete(self, key: str) -> None:
            FILES.pop(key, None)

A location in it::

    output: memory://files/runs
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from ..errors import DataError, ProjectError
from ..strategy import Strategy


@dataclass(frozen=True, order=True)
class Found:
    """The metadata of a file in a bucket.

    Attributes:
        key: The name of the file in the bucket, with slashes.
        size: The size in bytes.
        tag: The version of the content, such as an ETag, which changes with the content.
    """

    key: str
    size: int
    tag: str

    @property
    def st_size(self) -> int:
        """The size; see `os.stat_result`."""
        return self.size


class Storage(Strategy, ABC):
    """A bucket, whose files have URLs of the form `scheme://bucket/key`.

    Credentials come from the same places as those of the storage's own tools, never from a URL.
    Failed requests are retried a few times; an unreachable server is an error within seconds.

    Attributes:
        scheme: The URL scheme.
        remedy: The advice of error messages when access is denied.
        kind: The name of the implementation.
        bucket: The name of the bucket.
    """

    scheme: ClassVar[str]
    remedy: ClassVar[str]

    kind: str
    bucket: str = Field(min_length=1)

    @abstractmethod
    def look(self, key: str) -> Found | None:
        """Return the metadata of a file, or `None` if it does not exist.

        Raises:
            ProjectError: If the storage cannot be reached, or denies access.
        """

    @abstractmethod
    def walk(self, folder: str) -> Iterator[Found]:
        """Yield all files below a folder, recursively; an empty name is the whole bucket.

        Raises:
            ProjectError: Also if the bucket does not exist.
        """

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """Return the names of the files and folders in a folder; see `walk`."""

    @abstractmethod
    def read(self, found: Found, start: int, end: int) -> memoryview:
        """Return the bytes of a file from `start` to `end` (exclusive), at most its size.

        Raises:
            DataError: If the file was modified or deleted.
        """

    @abstractmethod
    def put(self, key: str, file: Path) -> None:
        """Upload a local file atomically, replacing an existing one.

        Raises:
            ProjectError: Also if the upload fails; the bucket is then unchanged.
        """

    @abstractmethod
    def put_over(self, key: str, file: Path, before: Found | None) -> bool:
        """Upload a file only if the existing one is still `before`, and return whether it was."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Delete a file if it exists."""

    def client_options(self) -> dict[str, str]:
        """Return the options of the Rust crate `object_store` to access the bucket.

        They supplement what such a client finds in the environment, and may contain secrets.
        """
        return {}

    def url(self, key: str) -> str:
        """Return the URL of a file."""
        return f"{self.scheme}://{self.bucket}/{key}"

    def changed(self, key: str) -> DataError:
        """Return the error for a file that changed during reading."""
        return DataError(f"{self.url(key)}: it was modified or deleted during reading: run again")

    def refused(self, key: str, reason: str) -> ProjectError:
        """Return the error for a request that the storage rejects."""
        return ProjectError(f"{self.url(key)}: {reason}: {self.remedy}")

    def unreachable(self, key: str, reason: str) -> ProjectError:
        """Return the error for a request without a valid response."""
        return ProjectError(f"{self.url(key)}: the storage is unavailable ({reason}): try later")

    def no_bucket(self, key: str) -> ProjectError:
        """Return the error for a bucket that does not exist."""
        return ProjectError(f"{self.url(key)}: there is no bucket '{self.bucket}': create it")
