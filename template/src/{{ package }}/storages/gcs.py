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

PART = 8 << 20  # bytes of a file that are sent in one request
CONNECTING, SILENCE = 5, 10  # seconds after which a server is given up that does not answer,
TRYING = 8  # and after which what failed is not tried again
FORBIDDEN = {401, 403}
MARK = "writtenby"  # in the metadata of a file


class GcsStorage(Storage):
    """A bucket of Google Cloud Storage.

    Credentials are the application default ones: the file that GOOGLE_APPLICATION_CREDENTIALS
    names, those of gcloud, or those of the machine.

    Attributes:
        kind: `gcs`.
    """

    scheme: ClassVar[str] = "gs"
    remedy: ClassVar[str] = "look at the credentials, as by `gcloud auth application-default login`"

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
        """See `Storage.read`: each request asks for that very generation."""
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
            raise self.unreachable(found.key, "it sent too few bytes")
        return memoryview(content)

    def put(self, key: str, file: Path) -> None:
        """See `Storage.put`; a large file is sent in parts, and is there after the last."""
        with self._named(key):
            self._send(key, file)

    def put_over(self, key: str, file: Path, before: Found | None) -> bool:
        """See `Storage.put_over`; if its answer is lost, the file is known by its mark."""
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
        """Return the mark of the file that lies there now, as far as it can be known."""
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
        """See `Storage.client_options`: credentials are found anew, unless an emulator is asked."""
        if not (emulator := os.environ.get("STORAGE_EMULATOR_HOST")):
            return {}
        account = dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
        told = {**account, "gcs_base_url": emulator, "disable_oauth": True}
        return {"google_service_account_key": json.dumps(told), "allow_http": "true"}

    def _send(self, key: str, file: Path, mark: str | None = None, **condition: int) -> None:
        """Send a file, with a mark by which it is known again."""
        blob = self._there.blob(key, chunk_size=PART)
        blob.metadata = {MARK: mark} if mark else None
        blob.upload_from_filename(str(file), **condition, **self._patience)

    @cached_property
    def _there(self) -> Any:
        """The bucket, as its client knows it."""
        from google.auth.exceptions import DefaultCredentialsError
        from google.cloud.storage import Client

        try:
            return Client(project=None).bucket(self.bucket)
        except (DefaultCredentialsError, OSError) as error:
            raise self.refused("", "no credentials are found") from error

    @property
    def _patience(self) -> dict[str, Any]:
        """How long a request may take, and how long it is tried again."""
        from google.cloud.storage.retry import DEFAULT_RETRY

        retry = DEFAULT_RETRY.with_timeout(TRYING).with_delay(0.1, 3, 2)
        return {"timeout": (CONNECTING, SILENCE), "retry": retry}

    @contextmanager
    def _named(self, key: str) -> Iterator[None]:
        """Let what the client raises be an error that names the file, and holds no secret."""
        from google.api_core.exceptions import GoogleAPICallError, NotFound, RetryError
        from google.auth.exceptions import GoogleAuthError

        try:
            yield
        except ProjectError:
            raise
        except NotFound as error:
            raise self.no_bucket(key) from error
        except GoogleAuthError as error:
            raise self.refused(key, f"no credentials are given ({type(error).__name__})") from error
        except GoogleAPICallError as error:
            if error.code in FORBIDDEN:
                raise self.refused(key, f"it is not allowed ({error.code})") from error
            raise self.unreachable(key, str(error.code)) from error
        except (RetryError, OSError) as error:  # those of requests are of the latter kind
            raise self.unreachable(key, type(error).__name__) from error


def _found(blob: Any) -> Found:
    """Return what an answer says of a file."""
    return Found(str(blob.name), int(blob.size), str(blob.generation))
