"""Conversion of obstore's errors into errors of the project."""

import re

from ..errors import ProjectError
from .base import Storage

FORBIDDEN = {"401", "403"}


def judged(storage: Storage, key: str, error: Exception) -> ProjectError:
    """Return the project's error for a failed request for a file."""
    from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

    text, code = str(error), _code(error)
    status = re.search(r"status code: (\d+)", text)
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or (
        status and status[1] in FORBIDDEN
    ):
        return storage.refused(key, f"access denied ({code})")
    if isinstance(error, FileNotFoundError) or code in {"NoSuchBucket", "ContainerNotFound"}:
        return storage.no_bucket(key)
    if status or re.search(r"HTTP error|timed out|error sending", text):
        return storage.unreachable(key, code)
    told = re.sub(r"\?\S*", "", text.partition("\n")[0])
    return ProjectError(f"{storage.url(key)}: {told}")


def _code(error: Exception) -> str:
    """Return the error code or status of a response, without any detail of the request."""
    text = str(error)
    if code := re.search(r"<Code>(\w+)</Code>", text):
        return code[1]
    if status := re.search(r"status code: (\d+[\w ]*)", text):
        return status[1].strip()
    kind = re.search(r"kind: (\w+)", text)
    return f"{kind[1].lower()} error" if kind else type(error).__name__
