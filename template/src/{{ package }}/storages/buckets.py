"""Lookup of buckets by URL."""

from functools import cache

from ..strategy import kinds_of, members
from . import AnyStorage
from .base import Storage

SCHEMES: dict[str, type[Storage]] = {member.scheme: member for member in members(AnyStorage)}


@cache
def bucket_of(scheme: str, bucket: str) -> Storage:
    """Return a bucket, cached with its connection."""
    storage = SCHEMES[scheme]
    return storage.model_validate({"kind": kinds_of(storage)[0], "bucket": bucket})
