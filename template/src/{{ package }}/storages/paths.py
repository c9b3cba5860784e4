"""Paths of remote files, with the part of the `pathlib` interface that the project uses."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from .base import Found, Storage
from .buckets import bucket_of
from .reading import RemoteFile


@dataclass(frozen=True, order=True)
class RemotePath:
    """A file or folder in a bucket.

    It does not implement `os.PathLike`, so that functions for local paths reject it.

    Attributes:
        scheme: The scheme of its storage.
        bucket: The name of the bucket.
        key: The name in the bucket; empty for the bucket itself.
        found: The metadata of a path from a listing.
    """

    scheme: str
    bucket: str
    key: str
    found: Found | None = field(default=None, compare=False, repr=False)

    @classmethod
    def parse(cls, url: str) -> "RemotePath":
        """Return the path of a URL, which must be valid."""
        scheme, _, rest = url.partition("://")
        bucket, _, key = rest.partition("/")
        return cls(scheme, bucket, "/".join(part for part in key.split("/") if part))

    def __str__(self) -> str:
        """Return the URL."""
        return f"{self.anchor}{self.key}"

    def __truediv__(self, name: str) -> "RemotePath":
        """Return a path below this one."""
        return self.joinpath(name)

    @property
    def storage(self) -> Storage:
        """The bucket."""
        return bucket_of(self.scheme, self.bucket)

    @property
    def anchor(self) -> str:
        """See `pathlib.PurePath.anchor`: the bucket."""
        return f"{self.scheme}://{self.bucket}/"

    @property
    def name(self) -> str:
        """See `pathlib.PurePath.name`."""
        return self.key.rpartition("/")[2]

    @property
    def parts(self) -> tuple[str, ...]:
        """See `pathlib.PurePath.parts`."""
        return (self.anchor, *PurePosixPath(self.key).parts)

    @property
    def parent(self) -> "RemotePath":
        """See `pathlib.PurePath.parent`."""
        return RemotePath(self.scheme, self.bucket, self.key.rpartition("/")[0])

    @property
    def parents(self) -> tuple["RemotePath", ...]:
        """See `pathlib.PurePath.parents`."""
        return (self.parent, *self.parent.parents) if self.key else ()

    def joinpath(self, *names: str) -> "RemotePath":
        """See `pathlib.PurePath.joinpath`."""
        return RemotePath(self.scheme, self.bucket, "/".join(filter(None, (self.key, *names))))

    def relative_to(self, other: "RemotePath") -> PurePosixPath:
        """See `pathlib.PurePath.relative_to`."""
        return PurePosixPath(self.key).relative_to(other.key)

    def look(self) -> Found | None:
        """Return the metadata of the file, or `None` if it is not a file."""
        return self.found or (self.storage.look(self.key) if self.key else None)

    def is_file(self) -> bool:
        """See `pathlib.Path.is_file`."""
        return self.look() is not None

    def is_dir(self) -> bool:
        """See `pathlib.Path.is_dir`; a folder exists if it contains files."""
        return any(True for _ in self.storage.walk(self.key))

    def exists(self) -> bool:
        """See `pathlib.Path.exists`."""
        return self.is_file() or self.is_dir()

    def stat(self) -> Found:
        """Return the metadata of the file.

        Raises:
            FileNotFoundError: If the bucket exists, but the file does not.
        """
        if found := self.look():
            return found
        self.storage.names(self.key)
        raise FileNotFoundError(str(self))

    def open(self, mode: str = "rb") -> io.BufferedReader:
        """See `pathlib.Path.open`; the mode is always `rb`.

        Raises:
            FileNotFoundError: If the file does not exist.
            ProjectError: If the storage cannot be reached, or denies access.
        """
        del mode
        return io.BufferedReader(self.raw(), 1 << 16)

    def raw(self) -> RemoteFile:
        """Open the file without a buffer; see `open`."""
        return RemoteFile(self.storage, self.stat())

    def read_bytes(self) -> bytes:
        """See `pathlib.Path.read_bytes`."""
        found = self.stat()
        return bytes(self.storage.read(found, 0, found.size)) if found.size else b""

    def read_text(self, encoding: str) -> str:
        """See `pathlib.Path.read_text`."""
        return self.read_bytes().decode(encoding)

    def iterdir(self) -> Iterator["RemotePath"]:
        """See `pathlib.Path.iterdir`."""
        yield from map(self.joinpath, self.storage.names(self.key))

    def rglob(self, pattern: str) -> Iterator["RemotePath"]:
        """See `pathlib.Path.rglob`; only files are yielded."""
        return self.glob(f"**/{pattern}")

    def glob(self, pattern: str) -> Iterator["RemotePath"]:
        """See `pathlib.Path.glob`; only files are yielded."""
        wanted = PurePosixPath(pattern).parts
        plain = next((at for at, part in enumerate(wanted) if set(part) & set("*?[")), len(wanted))
        base = self.joinpath(*wanted[:plain])
        for found in self.storage.walk(base.key):
            path = replace(self, key=found.key, found=found)
            if _matches(path.relative_to(base).parts, wanted[plain:]):
                yield path

    def unlink(self, *, missing_ok: bool) -> None:
        """See `pathlib.Path.unlink`."""
        del missing_ok
        self.storage.delete(self.key)


def _matches(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Return whether the parts of a path match those of a pattern."""
    if not wanted:
        return not parts
    if wanted[0] == "**":
        return any(_matches(parts[at:], wanted[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _matches(parts[1:], wanted[1:])
