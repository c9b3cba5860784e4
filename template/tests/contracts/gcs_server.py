"""A local emulator of Google Cloud Storage, with a proxy that implements preconditions."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import SystemRandom, token_hex
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from contracts import gcs_dialect
from contracts.interference import Server, proxy

BUCKET = "bucket"
PATIENCE = 30  # seconds
PORTS = range(10_000, 32_000)
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
HOP = {"transfer-encoding", "connection", "content-length", "date", "server"}


@contextmanager
def serving() -> Iterator[Server]:
    """Yield a server with a bucket, with its URL in the environment."""
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as environment,
        _started(Path(folder)) as emulator,
        _conditional(emulator) as port,
        proxy(port, lambda _: True, FORBIDDEN) as refusing,
    ):
        secret = token_hex(20)
        credentials = Path(folder) / "credentials.json"
        credentials.write_text(json.dumps({"private_key": secret}), encoding="utf-8")
        environment.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(credentials))
        for name, value in _at(port).items():
            environment.setenv(name, value)
        yield Server(f"gs://{BUCKET}", port, _at, _at(refusing), (secret,))


def _at(port: int) -> dict[str, str]:
    """Return the environment variables to connect to a port."""
    return {"STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{port}"}


@contextmanager
def _started(folder: Path) -> Iterator[int]:
    """Start the emulator, and yield its port."""
    port = SystemRandom().choice(PORTS)
    options = ["--host=127.0.0.1", f"--port={port}", "--in-memory", f"--default-bucket={BUCKET}"]
    command = [sys.executable, "-m", "gcp_storage_emulator", "start", *options]
    with (folder / "log").open("wb") as log:
        emulator = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        until = time.monotonic() + PATIENCE
        while not _generation(port, "none"):
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.1)
        yield port
    finally:
        emulator.kill()
        emulator.wait()


def _generation(port: int, name: str) -> str:
    """Return the generation of a file: 0 if it does not exist, `None` without a response."""
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", f"/storage/v1/b/{BUCKET}/o/{quote(name, safe='')}")
        answer = connection.getresponse()
        content = answer.read()
    except OSError:
        return ""
    return str(json.loads(content)["generation"]) if answer.status == HTTPStatus.OK else "0"


@contextmanager
def _conditional(emulator: int) -> Iterator[int]:
    """Forward requests that meet their precondition `ifGenerationMatch`, as Google's server."""

    answering = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # avoids 40 ms between head and body

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with answering:  # no write may come between a check and its request
                self.pass_on(body)

        def pass_on(self, body: bytes) -> None:
            if gcs_dialect.speaks(self.path):
                asked = {name.lower(): value for name, value in self.headers.items()}
                self.send(*gcs_dialect.answer(emulator, self.command, self.path, asked, body))
                return
            wanted = parse_qs(urlsplit(self.path).query).get("ifGenerationMatch")
            if wanted and _generation(emulator, _name(self.path, body)) != wanted[0]:
                self.send(HTTPStatus.PRECONDITION_FAILED, {}, b"")
                return
            connection = HTTPConnection("127.0.0.1", emulator, timeout=60)
            connection.request(self.command, self.path, body, dict(self.headers))
            found = connection.getresponse()
            self.send(found.status, dict(found.getheaders()), found.read())

        def send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
            self.send_response(status)
            for key, value in headers.items():
                if key.lower() not in HOP:
                    self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def _name(path: str, body: bytes) -> str:
    """Return the name of the file of a request."""
    url = urlsplit(path)
    if found := re.search(r"/o/([^/]+)$", url.path):
        return unquote(found[1])
    stated = re.search(rb'"name": ?("(?:[^"\\]|\\.)*")', body)
    return str(json.loads(stated[1])) if stated else parse_qs(url.query)["name"][0]
