"""A local server that implements the part of the W&B API that its client uses.

Tests cannot start W&B's own server. This one validates every request: an operation must be one that
the installed client contains, and valid in the schema in this folder; a file must have the declared
digest. A violation fails the test.
"""

import base64
import gzip
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Any

import pytest
from graphql import build_schema, graphql_sync, parse, print_ast

from contracts.wandb_account import Account, RefusedError

KEY = "0123456789" * 4
HERE = Path(__file__).parent
SCHEMA = build_schema(
    "\n".join((HERE / f"wandb_{part}.graphql").read_text() for part in ("runs", "artifacts"))
)


@contextmanager
def serving() -> Iterator[Account]:
    """Connect the client to this server, and yield the account that it modifies."""
    import wandb

    with (
        Server() as server,
        TemporaryDirectory(ignore_cleanup_errors=True) as aside,
        pytest.MonkeyPatch.context() as environment,
    ):
        thread = Thread(target=server.serve_forever)
        thread.start()
        for name in [name for name in os.environ if name.startswith("WANDB_")]:
            environment.delenv(name)
        environment.setenv("WANDB_BASE_URL", server.account.address)
        environment.setenv("WANDB_API_KEY", KEY)
        environment.setenv("WANDB_ERROR_REPORTING", "false")
        for name in ("CACHE", "CONFIG", "DATA"):
            environment.setenv(f"WANDB_{name}_DIR", aside)
        wandb.teardown()  # the state of another server
        try:
            yield server.account
        finally:
            wandb.teardown()
            server.shutdown()
            thread.join()
        assert not server.violations


class Server(ThreadingHTTPServer):
    """The server, on a free port.

    Attributes:
        account: The stored data.
        violations: The invalid requests.
        lock: Held while a request is handled.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.account = Account(f"http://127.0.0.1:{self.server_port}")
        self.violations: list[str] = []
        self.lock = Lock()


class Handler(BaseHTTPRequestHandler):
    """The handler of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # avoids 40 ms between head and body
    server: Server

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        try:
            with self.server.lock:
                status, content = self._route(body)
        except RefusedError as error:
            status, content = HTTPStatus.FORBIDDEN, said(str(error))
        except Exception as error:
            self.server.violations.append(f"{self.command} {self.path}: {error!r}")
            status, content = HTTPStatus.BAD_REQUEST, b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815  (names of the base class)

    def _route(self, body: bytes) -> tuple[HTTPStatus, bytes]:
        """Return the status and the content of a response."""
        account = self.server.account
        match self.command, self.path.strip("/").split("/"):
            case ("PUT", ["storage", file]):
                account.store(file, body)
                return HTTPStatus.OK, b""
            case ("GET", ["storage", file]):
                return HTTPStatus.OK, account.fetch(file)
            case ("PUT", ["runs", project, run, *name]):
                account.projects[project].runs[run].files["/".join(name)] = body
                return HTTPStatus.OK, b""
        if not self._is_known():
            return HTTPStatus.UNAUTHORIZED, said("user is not logged in")
        match self.command, self.path.strip("/").split("/"):
            case ("POST", ["graphql"]):
                return HTTPStatus.OK, json.dumps(self._execute(json.loads(body))).encode()
            case ("POST", ["files", _, project, run, "file_stream"]):
                stream(account, project, run, json.loads(body))
                return HTTPStatus.OK, b"{}"
        raise ValueError("not found")

    def _is_known(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        return base64.b64decode(given) == f"api:{KEY}".encode()

    def _execute(self, request: dict[str, Any]) -> Any:
        """Execute an operation."""
        query = request["query"]
        if not is_shipped(query):
            raise ValueError(f"not an operation of the client: {query}")
        done = graphql_sync(
            SCHEMA,
            query,
            self.server.account,
            variable_values=request.get("variables"),
            operation_name=request.get("operationName") or None,
            field_resolver=resolve,
        )
        for error in done.errors or ():
            if isinstance(error.original_error, RefusedError):
                raise error.original_error
            self.server.violations.append(f"{query}: {error}")
        return done.formatted


def said(message: str) -> bytes:
    """Return the body of an error response."""
    return json.dumps({"errors": [{"message": message}]}).encode()


def stream(account: Account, project: str, name: str, sent: Any) -> None:
    """Store the data that a run streams."""
    run = account.projects[project].runs[name]
    for file, part in sent.get("files", {}).items():
        if file == "wandb-summary.json":
            run.summary = part["content"][-1]
        if file == "wandb-history.jsonl":
            assert part["offset"] == len(run.history)
            run.history += part["content"]
    if sent.get("complete"):
        run.exit_code = sent["exitcode"]


@cache
def shipped() -> tuple[bytes, frozenset[str]]:
    """Return the client's binary, which contains operations, and those of its Python modules."""
    import wandb

    root = Path(wandb.__file__).parent
    stated = (file.read_text() for file in root.glob("**/_generated/operations.py"))
    texts = (text for all_ in stated for text in re.findall(r'= """(.*?)"""', all_, re.DOTALL))
    return (root / "bin/wandb-core").read_bytes(), frozenset(print_ast(parse(t)) for t in texts)


def is_shipped(operation: str) -> bool:
    """Return whether an operation belongs to the installed client."""
    program, stated = shipped()
    return operation.encode() in program or print_ast(parse(operation)) in stated


def resolve(source: Any, info: Any, **given: Any) -> Any:
    """Return the value of a field: an attribute in snake case, or a key."""
    if isinstance(source, dict):
        return source.get(info.field_name)
    value = getattr(source, python(info.field_name))
    return value(**{python(key): each for key, each in given.items()}) if callable(value) else value


def python(name: str) -> str:
    """Convert a name of the schema to snake case."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0]}", name).lower()
