"""Storages that obstore speaks with, which is a client in Rust."""

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

PART = 8 << 20  # bytes of a file that are sent in one request,
PARTS = 5_000  # unless they would be more,
SENT_AT_ONCE = 4  # of them.
RETRIES = 4
SILENCE = 10  # seconds after which a server is given up that sends nothing,
SENDING = 30  # or that took nothing,
SLOW = 500_000  # unless so many bytes a second can explain it


class ObjectStorage(Storage, ABC):
    """A bucket that obstore speaks with."""

    @abstractmethod
    def connect(self, client: "ClientConfig", retry: "RetryConfig") -> "S3Store | AzureStore":
        """Return a connection to the bucket, by the credentials that are found.

        Raises:
            ProjectError: If there are none.
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
        """See `Storage.read`: each request asks for that very content."""
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
        """See `Storage.put`; a large file is sent in parts, which are joined at the end."""
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
        """See `Storage.put_over`; the file is sent in one request, from where it lies."""
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
        """See `Storage.client_options`: the credentials are those of now."""
        with self._named(""):
            provider = self._sending.credential_provider
            given: Any = provider() if provider else {}
        found = {**self._sending.config, **given, "allow_http": "true"}
        return {key: str(value) for key, value in found.items() if value and key != "expires_at"}

    @cached_property
    def _reading(self) -> "S3Store | AzureStore":
        """The connection over which content comes, of which some must come all the time."""
        return self._connected(SILENCE)

    @cached_property
    def _sending(self) -> "S3Store | AzureStore":
        """The connection over which a part can be sent in one request."""
        return self._connected(SENDING + PART // SLOW)

    def _connected(self, silence: int) -> "S3Store | AzureStore":
        """Return a connection, which is given up after a silence."""
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
        """Let what the client raises be an error that names the file, and holds no secret."""
        from obstore.exceptions import BaseError

        try:
            yield
        except ProjectError:
            raise
        except (BaseError, ValueError, OSError) as error:
            raise judged(self, key, error) from error


def _found(meta: "ObjectMeta") -> Found:
    """Return what an answer says of a file; some listings leave the quotes of a tag out."""
    return Found(meta["path"], meta["size"], (meta["e_tag"] or "").strip('"'))
