"""A test server, and a proxy that injects failures."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread

FAILURE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Server:
    """A server with a bucket.

    Attributes:
        url: The URL of the bucket.
        port: The local port of the server.
        at: Returns the environment variables to connect to another port.
        wrong: The environment variables of invalid credentials.
        secrets: The texts that must never be printed.
    """

    url: str
    port: int
    at: Callable[[int], Mapping[str, str]]
    wrong: Mapping[str, str]
    secrets: tuple[str, ...]


@contextmanager
def proxy(
    port: int,
    fails: Callable[[bytes], bool],
    answer: bytes,
    breaks: Callable[[bytes], bool] = lambda _: False,
) -> Iterator[int]:
    """Forward connections to a port, and inject failures.

    Args:
        port: The port of the server.
        fails: Whether a request fails, given its first bytes.
        answer: The response to a failing request; if empty, there is none.
        breaks: Whether a response is truncated, given a part of it.

    Yields:
        The port of the proxy.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    Thread(target=serve, args=(client,), daemon=True).start()

        def serve(client: socket.socket) -> None:
            with suppress(OSError), client, socket.create_connection(("127.0.0.1", port)) as server:
                for each in (client, server):  # forward parts without delay
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Thread(target=copy, args=(server, client), daemon=True).start()
                while data := client.recv(1 << 16):
                    if fails(data):
                        if answer:
                            client.sendall(answer)
                            return
                        while client.recv(1 << 16):
                            pass
                    server.sendall(data)

        def copy(server: socket.socket, client: socket.socket) -> None:
            with suppress(OSError):
                while data := server.recv(1 << 16):
                    if breaks(data):
                        client.sendall(data[: len(data) // 2])
                        client.shutdown(socket.SHUT_RDWR)
                        return
                    client.sendall(data)

        Thread(target=accept, daemon=True).start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            with suppress(OSError):  # ends `accept`, unlike closing the socket
                listening.shutdown(socket.SHUT_RDWR)
