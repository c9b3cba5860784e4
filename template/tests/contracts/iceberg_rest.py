"""A minimal Iceberg REST catalog for tests.

It implements the part of the protocol that PyIceberg uses, rejects requests that do not match
PyIceberg's models, and stores its tables in PyIceberg's embedded catalog.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from pydantic import ValidationError
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.catalog.rest import CreateTableRequest, TableResponse
from pyiceberg.exceptions import (
    CommitFailedException,
    NamespaceAlreadyExistsError,
    NoSuchNamespaceError,
    NoSuchTableError,
    TableAlreadyExistsError,
)
from pyiceberg.table import CommitTableRequest, Table
from pyiceberg.utils.config import Config

TOKEN = "a-token-of-the-catalog"  # noqa: S105  (of the test server)
REFUSED = {
    ValidationError: HTTPStatus.BAD_REQUEST,
    NoSuchNamespaceError: HTTPStatus.NOT_FOUND,
    NoSuchTableError: HTTPStatus.NOT_FOUND,
    NamespaceAlreadyExistsError: HTTPStatus.CONFLICT,
    TableAlreadyExistsError: HTTPStatus.CONFLICT,
    CommitFailedException: HTTPStatus.CONFLICT,
}


@contextmanager
def serving(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the properties of a catalog, whose token is in the environment."""
    warehouse = f"{folder}/warehouse"
    kept = load_catalog("kept", uri=f"sqlite:///{folder}/kept.db", warehouse=f"file://{warehouse}")
    Answering.catalog = RestCatalog(kept)
    with (
        pytest.MonkeyPatch.context() as environment,
        ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server,
    ):
        environment.setenv("PYICEBERG_CATALOG__DEFAULT__TOKEN", TOKEN)
        environment.setattr("pyiceberg.catalog._ENV_CONFIG", Config())  # it is read only once
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        uri = f"http://127.0.0.1:{server.server_port}"
        yield {"type": "rest", "uri": uri, "warehouse": warehouse}
        server.shutdown()


class RestCatalog:
    """The service; see https://iceberg.apache.org/rest-catalog-spec/."""

    def __init__(self, kept: Catalog) -> None:
        self._kept = kept
        self._lock = Lock()
        namespace = r"/v1/namespaces/([^/]+)"
        self._routes: list[tuple[str, Callable[..., str]]] = [
            ("GET /v1/config", self.config),
            ("POST /v1/namespaces", self.create_namespace),
            (f"GET {namespace}", self.namespace),
            (f"POST {namespace}/tables", self.create_table),
            (f"GET {namespace}/tables/([^/]+)", self.table),
            (f"POST {namespace}/tables/([^/]+)", self.commit),
        ]

    def answer(self, asked: str, content: bytes) -> tuple[HTTPStatus, str]:
        """Return the status and the body of a response."""
        for pattern, method in self._routes:
            if found := re.fullmatch(pattern, asked):
                try:
                    with self._lock:
                        return HTTPStatus.OK, method(content, *map(unquote, found.groups()))
                except tuple(REFUSED) as error:
                    return _refused(REFUSED[type(error)], str(error))
        return _refused(HTTPStatus.NOT_IMPLEMENTED, asked)

    def config(self, _: bytes) -> str:
        return json.dumps({"defaults": {}, "overrides": {}})

    def create_namespace(self, content: bytes) -> str:
        stated = json.loads(content)
        self._kept.create_namespace(tuple(stated["namespace"]), stated["properties"])
        return json.dumps(stated)

    def namespace(self, _: bytes, name: str) -> str:
        return json.dumps(
            {"namespace": [name], "properties": dict(self._kept.load_namespace_properties(name))}
        )

    def create_table(self, content: bytes, namespace: str) -> str:
        unstated = dict.fromkeys(("location", "partition-spec", "write-order"))  # omitted
        stated = CreateTableRequest.model_validate(unstated | json.loads(content))
        made = self._kept.create_table((namespace, stated.name), stated.table_schema)
        return _loaded(made)

    def table(self, _: bytes, namespace: str, name: str) -> str:
        return _loaded(self._kept.load_table((namespace, name)))

    def commit(self, content: bytes, namespace: str, name: str) -> str:
        stated = CommitTableRequest.model_validate_json(content)
        table = self._kept.load_table((namespace, name))
        done = self._kept.commit_table(table, stated.requirements, stated.updates)
        return done.model_dump_json(by_alias=True)


class Answering(BaseHTTPRequestHandler):
    """The handler of requests, which must have the token."""

    catalog: RestCatalog

    def answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = _refused(HTTPStatus.UNAUTHORIZED, "the token is another")
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            asked = f"{self.command} {urlsplit(self.path).path}"
            status, body = self.catalog.answer(asked, content)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = answer  # noqa: N815  (names of http.server)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (name of http.server)
        """Print nothing."""


def _loaded(table: Table) -> str:
    """Return the response for a table."""
    loaded = TableResponse(metadata_location=table.metadata_location, metadata=table.metadata)
    return loaded.model_dump_json(by_alias=True)


def _refused(status: HTTPStatus, message: str) -> tuple[HTTPStatus, str]:
    """Return the error response of the protocol."""
    error = {"message": message, "type": status.phrase, "code": status}
    return status, json.dumps({"error": error})
