"""A package index on this machine, for tests of locking."""

import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

WHEEL = "tiny-1.0-py3-none-any.whl"


@dataclass
class Index:
    """A package index on this machine.

    Attributes:
        port: Its port.
        asked: Set when it is asked for a package.
        left: Set when the client closed the connection, of an index that does not answer.
        answers: Whether it answers.
    """

    port: int = 0
    asked: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    answers: bool = True


@contextmanager
def serving() -> Iterator[Index]:
    """Serve an index with one package."""
    served = Index()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.set()
            if not served.answers:
                self.connection.recv(1)
                served.left.set()
                return
            page = f'<a href="/{WHEEL}">{WHEEL}</a>'.encode()
            content = page if self.path == "/simple/tiny/" else wheel()
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if content is page else "binary/x")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815  # its name there

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        served.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield served
        server.shutdown()


def wheel() -> bytes:
    """Return the package of the index."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        metadata = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA", metadata)
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return content.getvalue()
