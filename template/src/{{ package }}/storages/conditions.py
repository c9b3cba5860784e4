"""Sending a file in place of the very one that was found, by obstore."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from .base import Found

if TYPE_CHECKING:
    from obstore.store import AzureStore, S3Store

MARK = "writtenby"  # in the metadata of a file


def put_over(store: "S3Store | AzureStore", key: str, file: Path, before: Found | None) -> bool:
    """Send a file if what lies there is still what was found, and tell whether it was.

    If its answer is lost, the file is known by its mark: to send it again would be refused, and to
    report a failure would let the same rows be added twice.

    Args:
        store: Where.
        key: Its name there.
        file: What to send.
        before: What was found there; none if nothing was.
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
    """Return the mark of the file that lies there now, as far as it can be known."""
    import obstore
    from obstore.exceptions import BaseError

    with suppress(BaseError, FileNotFoundError):
        return obstore.get(store, key, options={"head": True}).attributes.get(MARK)
    return None


@contextmanager
def _mapped(file: Path) -> Iterator[bytes | mmap.mmap]:
    """Give the content of a file, which is read as it is sent."""
    with file.open("rb") as opened:
        if not file.stat().st_size:
            yield b""
            return
        yield mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
