"""What a storage is: buckets of files that lie elsewhere, each of them whole or not there."""

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
    """A file that lies in a bucket.

    Attributes:
        key: Its name there, with slashes.
        size: How many bytes it has.
        tag: What the storage gives to its content: another content has another.
    """

    key: str
    size: int
    tag: str

    @property
    def st_size(self) -> int:
        """The size, as `os.stat_result` calls it."""
        return self.size


class Storage(Strategy, ABC):
    """A bucket of a storage, found by the URL `scheme://bucket/key`.

    Credentials come from where the storage's own tools look for them, never from a URL. Requests
    that fail are tried again a few times; a server that is down is an error within seconds.

    Attributes:
        scheme: What URLs begin with.
        remedy: What to look at when the storage refuses, in a clause.
        kind: The name of the implementation.
        bucket: Which bucket.
    """

    scheme: ClassVar[str]
    remedy: ClassVar[str]

    kind: str
    bucket: str = Field(min_length=1)

    @abstractmethod
    def look(self, key: str) -> Found | None:
        """Return the file of a name, if there is one.

        Raises:
            ProjectError: If the storage cannot be reached, or refuses.
        """

    @abstractmethod
    def walk(self, folder: str) -> Iterator[Found]:
        """Yield every file below a folder, however deep; all of the bucket if it has no name.

        Raises:
            ProjectError: Also if there is no such bucket.
        """

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """Return the names of the files and folders in a folder; see `walk`."""

    @abstractmethod
    def read(self, found: Found, start: int, end: int) -> memoryview:
        """Return bytes of a file, from `start` up to `end`, which are not more than it has.

        Raises:
            DataError: If it is another file by now, or gone.
        """

    @abstractmethod
    def put(self, key: str, file: Path) -> None:
        """Let a file of this machine lie there, in place of any other, once it is there whole.

        Raises:
            ProjectError: Also if it breaks off; then nothing has changed.
        """

    @abstractmethod
    def put_over(self, key: str, file: Path, before: Found | None) -> bool:
        """Do so only if what lies there is still what was found before, and tell whether it was."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Let no file of that name lie there."""

    def client_options(self) -> dict[str, str]:
        """Return what a client in Rust must be told of the bucket, beyond what it finds itself.

        They are those of object_store, which such clients stand on; they may hold secrets.
        """
        return {}

    def url(self, key: str) -> str:
        """Return the URL of a file."""
        return f"{self.scheme}://{self.bucket}/{key}"

    def changed(self, key: str) -> DataError:
        """Return the error that a file is another than when reading began."""
        return DataError(f"{self.url(key)}: it was changed or deleted while it was read: run again")

    def refused(self, key: str, reason: str) -> ProjectError:
        """Return the error that the storage refuses what is asked of it."""
        return ProjectError(f"{self.url(key)}: {reason}: {self.remedy}")

    def unreachable(self, key: str, reason: str) -> ProjectError:
        """Return the error that the storage does not answer, or not rightly."""
        return ProjectError(f"{self.url(key)}: the storage cannot be used ({reason}): try later")

    def no_bucket(self, key: str) -> ProjectError:
        """Return the error that there is no such bucket."""
        return ProjectError(f"{self.url(key)}: there is no bucket '{self.bucket}': make it first")
