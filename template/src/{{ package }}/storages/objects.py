"""Base class of storages that are accessed with obstore, a client in Rust."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ProjectError
from .answers import judged
from .base import Found, Storage
from .conditions import put_over

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import AzureStore, ClientConfig, RetryConfig, S3Store

PART = 8 << 20  # the minimum part size of multipart uploads in bytes
PARTS = 5_000  # the maximum number of parts
SENT_AT_ONCE = 4  # parts that are uploaded concurrently
RETRIES = 4
SILENCE = 10  # the read timeout in seconds
SENDING = 30  # the read timeout of uploads in seconds, plus the duration of the upload
SLOW = 500_000  # the assumed upload rate in bytes per second


class ObjectStorage(Storage, ABC):
    """A bucket that is accessed with obstore."""

    @abstractmethod
    def connect(self, client: "ClientConfig", retry: "RetryConfig") -> "S3Store | AzureStore":
        """Return a connection to the bucket.

        Raises:
            ProjectError: If no credentials are found.
        """

    def look(self, key: str) -> Found | None:
        """See `Storage.look`."""
        import obstore

        with self._named(key):
            try:
                return _found(obstore.head(self._reading, key))
            except FileNotFoundError:
                return None

    def walk(self, folder: str) -> Iterator[Found]:
        """See `Storage.walk`."""
        import obstore

        with self._named(folder):
            for some in obstore.list(self._reading, prefix=folder or None):
                yield from map(_found, some)

    def names(self, folder: str) -> list[str]:
        """See `Storage.names`."""
        import obstore

        with self._named(folder):
            there = obstore.list_with_delimiter(self._reading, prefix=folder or None)
        keys = [*there["common_prefixes"], *(each["path"] for each in there["objects"])]
        return sorted(key.rpartition("/")[2] for key in keys)

    def read(self, found: Found, start: int, end: int) -> memoryview:
        """See `Storage.read`; each request states the expected ETag."""
        import obstore

        with self._named(found.key):
            try:
                got = obstore.get(
                    self._reading,
                    found.key,
                    options={"range": (start, end), "if_match": f'"{found.tag}"'},
                )
                same = _found(got.meta).tag == found.tag
                content = memoryview(got.bytes())
            except (FileNotFoundError, obstore.exceptions.PreconditionError) as error:
                raise self.changed(found.key) from error
        if not same:
            raise self.changed(found.key)
        return content

    def put(self, key: str, file: Path) -> None:
        """See `Storage.put`; a large file is a multipart upload."""
        import obstore

        size = file.stat().st_size
        with self._named(key):
            obstore.put(
                self._sending,
                key,
                file,
                use_multipart=size > PART,
                chunk_size=max(PART, size // PARTS),
                max_concurrency=SENT_AT_ONCE,
            )

    def put_over(self, key: str, file: Path, before: Found | None) -> bool:
        """See `Storage.put_over`; the file is uploaded in one request, memory-mapped."""
        store = self._connected(SENDING + file.stat().st_size // SLOW)
        with self._named(key):
            return put_over(store, key, file, before)

    def delete(self, key: str) -> None:
        """See `Storage.delete`."""
        import obstore

        with self._named(key):
            try:
                obstore.delete(self._reading, key)
            except FileNotFoundError:
                return

    def client_options(self) -> dict[str, str]:
        """See `Storage.client_options`; the credentials are the current ones."""
        with self._named(""):
            provider = self._sending.credential_provider
            given: Any = provider() if provider else {}
        found = {**self._sending.config, **given, "allow_http": "true"}
        return {key: str(value) for key, value in found.items() if value and key != "expires_at"}

    @cached_property
    def _reading(self) -> "S3Store | AzureStore":
        """The connection for downloads and metadata."""
        return self._connected(SILENCE)

    @cached_property
    def _sending(self) -> "S3Store | AzureStore":
        """The connection for uploads, whose timeout allows for one part."""
        return self._connected(SENDING + PART // SLOW)

    def _connected(self, silence: int) -> "S3Store | AzureStore":
        """Return a connection with a read timeout in seconds."""
        return self.connect(
            {
                "allow_http": True,
                "connect_timeout": timedelta(seconds=5),
                "read_timeout": timedelta(seconds=silence),
                "timeout": timedelta(minutes=5, seconds=silence),
            },
            {
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=15),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=3),
                    "base": 2,
                },
            },
        )

    @contextmanager
    def _named(self, key: str) -> Iterator[None]:
        """Convert errors of the client into errors that name the file and contain no secret."""
        from obstore.exceptions import BaseError

        try:
            yield
        except ProjectError:
            raise
        except (BaseError, ValueError, OSError) as error:
            raise judged(self, key, error) from error


def _found(meta: "ObjectMeta") -> Found:
    """Return the metadata of a file in a response; some listings omit the quotes of an ETag."""
    return Found(meta["path"], meta["size"], (meta["e_tag"] or "").strip('"'))
