"""The server: it takes requests until it is told to stop, and then answers those it took."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from ..errors import ConfigurationError
from .heads import patient

logger = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    """A server that is told to stop by a signal, and stops a while later."""

    def __init__(self, config: uvicorn.Config, drain: float, stopping: Callable[[], None]) -> None:
        """State for how many seconds it goes on, and what is called before."""
        super().__init__(config)
        self._drain = drain
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals, where uvicorn would end the process by the one that it met."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self._stopping()
        logger.info("stopping")
        asyncio.get_running_loop().call_later(self._drain, setattr, self, "should_exit", True)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections.

    Raises:
        ConfigurationError: If the port is taken, or is not to be had.
    """
    try:
        listening = socket.create_server((host, port), backlog=2048)
    except (OSError, OverflowError) as error:
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error}", "port") from error
    # Connections inherit it. Without it, the body of an answer waits until the client has
    # acknowledged its head, which takes 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def serve(
    app: FastAPI,
    listening: socket.socket,
    *,
    longest: float,
    grace: float,
    drain: float,
    stopping: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT, and answer the requests that were taken.

    Args:
        app: What answers.
        listening: Where requests come in.
        longest: How many seconds the head of a request may take.
        grace: How many seconds they may take then, before they are cut off.
        drain: How many seconds it goes on taking requests once it is told to stop, while it says
            that it is not ready, so that whoever sends them can go elsewhere.
        stopping: Called as soon as it is told to stop.
    """
    config = uvicorn.Config(
        app,
        http=patient(longest),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=max(1, round(grace)),
    )
    _Server(config, drain, stopping).run([listening])
