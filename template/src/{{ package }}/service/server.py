"""The HTTP server, with a graceful shutdown."""

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
    """A server that stops some time after a signal."""

    def __init__(self, config: uvicorn.Config, drain: float, stopping: Callable[[], None]) -> None:
        """Take the drain time in seconds, and the callback at its start."""
        super().__init__(config)
        self._drain = drain
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals; uvicorn would end the process by the same signal."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self._stopping()
        logger.info("stopping")
        asyncio.get_running_loop().call_later(self._drain, setattr, self, "should_exit", True)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        ConfigurationError: If the port is in use or not permitted.
    """
    try:
        listening = socket.create_server((host, port), backlog=2048)
    except (OSError, OverflowError) as error:
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error}", "port") from error
    # TCP_NODELAY, inherited by connections. Without it, the body of a response waits 40 ms for the
    # acknowledgment of its head.
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
    """Serve until SIGTERM or SIGINT, then finish the accepted requests.

    Args:
        app: The application.
        listening: The listening socket.
        longest: The timeout for the head of a request, in seconds.
        grace: The time to finish accepted requests after the signal, in seconds.
        drain: The time after the signal, in seconds, in which requests are still accepted while
            the service reports that it is not ready, so that a load balancer can react.
        stopping: Called at the signal.
    """
    config = uvicorn.Config(
        app,
        http=patient(longest),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=max(1, round(grace)),
    )
    _Server(config, drain, stopping).run([listening])
