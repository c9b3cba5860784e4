"""The base types of a W&B account: pages, nodes and files."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contracts.wandb_state import Artifact

numbers = count(1)


def page(edges: Iterable[Any], first: int | None = None, after: str | None = None) -> Any:
    """Return the page of a connection after a cursor."""
    found = list(edges)
    begin = int(after or 0)
    end = len(found) if first is None else begin + first
    return {
        "totalCount": len(found),
        "pageInfo": {"endCursor": str(end), "hasNextPage": end < len(found)},
        "edges": found[begin:end],
    }


@dataclass(kw_only=True, eq=False)
class Node:
    """An object with an id."""

    id: str = field(default_factory=lambda: f"id-{next(numbers)}")
    created_at: str = "2026-01-02T03:04:05Z"
    updated_at: str = "2026-01-02T03:04:05Z"
    description: str | None = None


@dataclass(eq=False)
class Entity(Node):
    """An owner of projects."""

    name: str
    organization: None = None
    xxhash_digests_enabled: bool = False


@dataclass(eq=False)
class File(Node):
    """A file of an artifact, or its manifest."""

    name: str
    artifact: "Artifact"
    md5: str
    direct_url: str
    content: bytes | None = None
    upload_headers: tuple[str, ...] = ()
    upload_multipart_urls: None = None

    @property
    def storage_path(self) -> str:
        return self.id

    @property
    def upload_url(self) -> str:
        return self.direct_url

    def receive(self, content: bytes) -> None:
        """Store the content, if it has the declared digest."""
        md5 = hashlib.md5(content, usedforsecurity=False)
        assert base64.b64encode(md5.digest()).decode() == self.md5, f"{self.name}: another digest"
        self.content = content
