"""Conditional upload with obstore: a file is replaced only if it has not changed."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from .base import Found

if TYPE_CHECKING:
    from obstore.store import AzureStore, S3Store

MARK = "writtenby"  # a key in the metadata of a file


def put_over(store: "S3Store | AzureStore", key: str, file: Path, before: Found | None) -> bool:
    """Upload a file if the existing one has not changed, and return whether it was uploaded.

    If the response is lost, a unique mark in the metadata identifies the upload: a retry would be
    rejected, and after a reported failure the caller would append the same rows twice.

    Args:
        store: The connection to the bucket.
        key: The name of the file in the bucket.
        file: The local file.
        before: The expected existing file; `None` if there should be none.
    """
    import obstore
    from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

    mark = uuid4().hex
    with _mapped(file) as content:
        try:
            obstore.put(
                store,
                key,
                content,
                attributes={MARK: mark},
                mode={"e_tag": f'"{before.tag}"'} if before else "create",
                use_multipart=False,
            )
        except BaseError as error:
            if _mark(store, key) == mark:
                return True
            if isinstance(error, AlreadyExistsError | PreconditionError):
                return False
            raise
    return True


def _mark(store: "S3Store | AzureStore", key: str) -> str | None:
    """Return the mark of the existing file, or `None` if it cannot be read."""
    import obstore
    from obstore.exceptions import BaseError

    with suppress(BaseError, FileNotFoundError):
        return obstore.get(store, key, options={"head": True}).attributes.get(MARK)
    return None


@contextmanager
def _mapped(file: Path) -> Iterator[bytes | mmap.mmap]:
    """Yield the content of a file, memory-mapped."""
    with file.open("rb") as opened:
        if not file.stat().st_size:
            yield b""
            return
        yield mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
