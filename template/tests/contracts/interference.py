"""A server that others start for tests, and what can come between it and its client."""

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
        url: The bucket.
        port: Where it listens on this machine.
        at: Returns the environment by which it is sought at another port.
        wrong: The environment with which it refuses.
        secrets: What is never to be seen.
    """

    url: str
    port: int
    at: Callable[[int], Mapping[str, str]]
    wrong: Mapping[str, str]
    secrets: tuple[str, ...]


@contextmanager
def between(
    port: int,
    fails: Callable[[bytes], bool],
    answer: bytes,
    breaks: Callable[[bytes], bool] = lambda _: False,
) -> Iterator[int]:
    """Pass on what comes for a port, but what fails gets another answer.

    Args:
        port: Of the server.
        fails: Tells by how a request begins.
        answer: What it gets; nothing is a server that is silent.
        breaks: Tells by a part of an answer whether nothing comes after it.

    Yields:
        The port to speak to.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    Thread(target=serve, args=(client,), daemon=True).start()

        def serve(client: socket.socket) -> None:
            with suppress(OSError), client, socket.create_connection(("127.0.0.1", port)) as server:
                for each in (client, server):  # what comes in parts goes on in parts, at once
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
            with suppress(OSError):  # which ends the wait for a client; closing it would not
                listening.shutdown(socket.SHUT_RDWR)
