"""Translation of the XML API of Google Cloud Storage into the JSON API of the emulator.

Clients in Rust use the XML API; see https://cloud.google.com/storage/docs/xml-api/overview.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

Answer = tuple[int, Mapping[str, str], bytes]


def speaks(path: str) -> bool:
    """Return whether a request belongs to the XML API: its path starts with a bucket."""
    return not path.startswith(("/storage/", "/upload/", "/download/", "/batch", "/b/"))


def answer(
    emulator: int, command: str, path: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Return the status, the headers and the content of the response to a request."""
    url = urlsplit(path)
    bucket, _, key = unquote(url.path[1:]).partition("/")
    if not key:
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        return _listing(emulator, bucket, asked)
    file = f"/storage/v1/b/{bucket}/o/{quote(key, safe='')}"
    status, content = _ask(emulator, "GET", file)
    found = json.loads(content) if status == HTTPStatus.OK else None
    if command == "PUT":
        wanted = headers.get("x-goog-if-generation-match")
        if wanted and wanted != (found["generation"] if found else "0"):
            return HTTPStatus.PRECONDITION_FAILED, {}, b""
        query = urlencode({"uploadType": "media", "name": key})
        status, content = _ask(emulator, "POST", f"/upload/storage/v1/b/{bucket}/o?{query}", body)
        return status, _described(json.loads(content)) if status == HTTPStatus.OK else {}, b""
    if found and command == "DELETE":
        _ask(emulator, "DELETE", file)
        return HTTPStatus.NO_CONTENT, {}, b""
    if found:
        _, content = _ask(emulator, "GET", f"{file}?alt=media")
        return _part(content, _described(found), headers.get("range", ""))
    return HTTPStatus.NOT_FOUND, {}, b""


def _part(content: bytes, described: Mapping[str, str], asked: str) -> Answer:
    """Return the requested bytes of a file."""
    if not asked:
        return HTTPStatus.OK, described, content
    first, last = asked.removeprefix("bytes=").split("-")
    start = int(first) if first else len(content) - int(last)
    end = int(last) + 1 if first and last else len(content)
    part = content[start:end]
    place = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
    return HTTPStatus.PARTIAL_CONTENT, {**described, "Content-Range": place}, part


def _ask(emulator: int, command: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", emulator, timeout=60)
    connection.request(command, path, body)
    found = connection.getresponse()
    return found.status, found.read()


def _described(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers with the metadata of a file."""
    generation = str(found["generation"])
    return {
        "ETag": f'"{generation}"',
        "x-goog-generation": generation,
        "Last-Modified": format_datetime(datetime.fromisoformat(found["updated"]), usegmt=True),
    }


def _listing(emulator: int, bucket: str, asked: Mapping[str, str]) -> Answer:
    """Return the listing of files with a prefix."""
    passed = {name: asked[name] for name in ("prefix", "delimiter") if name in asked}
    status, content = _ask(emulator, "GET", f"/storage/v1/b/{bucket}/o?{urlencode(passed)}")
    if status != HTTPStatus.OK:
        return status, {}, b"<Error><Code>NoSuchBucket</Code></Error>"
    listed = json.loads(content)
    after = asked.get("start-after", "")
    files = "".join(
        f"<Contents><Key>{escape(each['name'])}</Key><Size>{each['size']}</Size>"
        f"<ETag>&quot;{each['generation']}&quot;</ETag>"
        f"<LastModified>{each['updated']}</LastModified></Contents>"
        for each in listed.get("items", [])
        if each["name"] > after
    )
    folders = "".join(
        f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
        for name in listed.get("prefixes", [])
    )
    return HTTPStatus.OK, {}, f"<ListBucketResult>{files}{folders}</ListBucketResult>".encode()
