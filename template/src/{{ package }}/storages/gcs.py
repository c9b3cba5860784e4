"""Google Cloud Storage."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal
from uuid import uuid4

from ..errors import ProjectError
from .base import Found, Storage

PART = 8 << 20  # the chunk size of uploads in bytes
CONNECTING, SILENCE = 5, 10  # the timeouts of connecting and reading in seconds
TRYING = 8  # the timeout of retries in seconds
FORBIDDEN = {401, 403}
MARK = "writtenby"  # a key in the metadata of a file


class GcsStorage(Storage):
    """A Google Cloud Storage bucket.

    The credentials are the application default credentials: the file in
    GOOGLE_APPLICATION_CREDENTIALS, those of gcloud, or the service account of the machine.

    Attributes:
        kind: `gcs`.
    """

    scheme: ClassVar[str] = "gs"
    remedy: ClassVar[str] = "check the credentials, or run `gcloud auth application-default login`"

    kind: Literal["gcs"] = "gcs"

    def look(self, key: str) -> Found | None:
        """See `Storage.look`."""
        with self._named(key):
            blob = self._there.get_blob(key, **self._patience)
        return _found(blob) if blob else None

    def walk(self, folder: str) -> Iterator[Found]:
        """See `Storage.walk`."""
        with self._named(folder):
            prefix = f"{folder}/" if folder else None
            yield from map(_found, self._there.list_blobs(prefix=prefix, **self._patience))

    def names(self, folder: str) -> list[str]:
        """See `Storage.names`."""
        prefix = f"{folder}/" if folder else ""
        with self._named(folder):
            listed = self._there.list_blobs(prefix=prefix, delimiter="/", **self._patience)
            keys = [blob.name for blob in listed]
        return sorted(key.rstrip("/").rpartition("/")[2] for key in (*keys, *listed.prefixes))

    def read(self, found: Found, start: int, end: int) -> memoryview:
        """See `Storage.read`; each request states the expected generation."""
        from google.api_core.exceptions import NotFound, PreconditionFailed

        with self._named(found.key):
            try:
                content = self._there.blob(found.key).download_as_bytes(
                    start=start,
                    end=end - 1,
                    raw_download=True,
                    if_generation_match=int(found.tag),
                    checksum=None,
                    **self._patience,
                )
            except (NotFound, PreconditionFailed) as error:
                raise self.changed(found.key) from error
        if len(content) != end - start:
            raise self.unreachable(found.key, "truncated response")
        return memoryview(content)

    def put(self, key: str, file: Path) -> None:
        """See `Storage.put`; a large file is uploaded in chunks, and appears after the last one."""
        with self._named(key):
            self._send(key, file)

    def put_over(self, key: str, file: Path, before: Found | None) -> bool:
        """See `Storage.put_over`; if the response is lost, a mark identifies the upload."""
        from google.api_core.exceptions import GoogleAPIError, PreconditionFailed

        mark = uuid4().hex
        with self._named(key):
            try:
                self._send(key, file, mark, if_generation_match=int(before.tag) if before else 0)
            except (GoogleAPIError, OSError) as error:
                if self._mark(key) == mark:
                    return True
                if isinstance(error, PreconditionFailed):
                    return False
                raise
        return True

    def _mark(self, key: str) -> str | None:
        """Return the mark of the existing file, or `None` if it cannot be read."""
        from google.api_core.exceptions import GoogleAPIError

        with suppress(GoogleAPIError, OSError):
            there = self._there.get_blob(key, **self._patience)
            return (there.metadata or {}).get(MARK) if there else None
        return None

    def delete(self, key: str) -> None:
        """See `Storage.delete`."""
        from google.api_core.exceptions import NotFound

        with self._named(key):
            try:
                self._there.blob(key).delete(**self._patience)
            except NotFound:
                return

    def client_options(self) -> dict[str, str]:
        """See `Storage.client_options`; only an emulator needs options."""
        if not (emulator := os.environ.get("STORAGE_EMULATOR_HOST")):
            return {}
        account = dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
        told = {**account, "gcs_base_url": emulator, "disable_oauth": True}
        return {"google_service_account_key": json.dumps(told), "allow_http": "true"}

    def _send(self, key: str, file: Path, mark: str | None = None, **condition: int) -> None:
        """Upload a file, with a mark in its metadata."""
        blob = self._there.blob(key, chunk_size=PART)
        blob.metadata = {MARK: mark} if mark else None
        blob.upload_from_filename(str(file), **condition, **self._patience)

    @cached_property
    def _there(self) -> Any:
        """The bucket object of Google's client."""
        from google.auth.exceptions import DefaultCredentialsError
        from google.cloud.storage import Client

        try:
            return Client(project=None).bucket(self.bucket)
        except (DefaultCredentialsError, OSError) as error:
            raise self.refused("", "no credentials found") from error

    @property
    def _patience(self) -> dict[str, Any]:
        """The timeout and the retries of a request."""
        from google.cloud.storage.retry import DEFAULT_RETRY

        retry = DEFAULT_RETRY.with_timeout(TRYING).with_delay(0.1, 3, 2)
        return {"timeout": (CONNECTING, SILENCE), "retry": retry}

    @contextmanager
    def _named(self, key: str) -> Iterator[None]:
        """Convert errors of the client into errors that name the file and contain no secret."""
        from google.api_core.exceptions import GoogleAPICallError, NotFound, RetryError
        from google.auth.exceptions import GoogleAuthError

        try:
            yield
        except ProjectError:
            raise
        except NotFound as error:
            raise self.no_bucket(key) from error
        except GoogleAuthError as error:
            raise self.refused(key, f"no valid credentials ({type(error).__name__})") from error
        except GoogleAPICallError as error:
            if error.code in FORBIDDEN:
                raise self.refused(key, f"access denied ({error.code})") from error
            raise self.unreachable(key, str(error.code)) from error
        except (RetryError, OSError) as error:  # errors of `requests` are OSErrors
            raise self.unreachable(key, type(error).__name__) from error


def _found(blob: Any) -> Found:
    """Return the metadata of a file in a response."""
    return Found(str(blob.name), int(blob.size), str(blob.generation))
