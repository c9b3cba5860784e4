"""Limits of the size and the duration of a request."""

import asyncio
import json
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _TooLargeError(Exception):
    """A body is larger than allowed."""


class Limits:
    """Middleware that rejects requests that are too large or too slow, with the reason in JSON.

    A body is read completely before it is processed, and rejected as soon as it is known to be too
    large: by its content length, or by the bytes received so far.
    """

    def __init__(self, app: "ASGIApp", *, largest: int, longest: float) -> None:
        """Wrap an application.

        Args:
            app: The application.
            largest: The maximum size of a body, in bytes.
            longest: The maximum time to receive a request, and again to answer it, in seconds.
        """
        self._app = app
        self._largest = largest
        self._longest = longest

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """See https://asgi.readthedocs.io/en/latest/specs/www.html."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._longest):
                body = await self._body(scope, receive)
        except _TooLargeError:
            await self._drain(receive)
            text = f"the body is larger than {self._largest} bytes: send fewer rows at a time"
            await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
            return
        except TimeoutError:
            text = f"the body did not come within {self._longest:g} s: send it faster"
            await _refuse(send, HTTPStatus.REQUEST_TIMEOUT, text)
            return
        if body is not None:
            await self._answer(scope, _again(body, receive), send)

    async def _body(self, scope: "Scope", receive: "Receive") -> bytes | None:
        """Read the body; none if the client disconnected."""
        stated = dict(scope["headers"]).get(b"content-length", b"")
        if stated.isdigit() and int(stated) > self._largest:
            raise _TooLargeError
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self._largest:
                raise _TooLargeError
            more = message.get("more_body", False)
        return bytes(body)

    async def _drain(self, receive: "Receive") -> None:
        """Drain the rest, up to the same size again: a client that is sending reads no response."""
        drained, more = 0, True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._longest):
                while more and drained <= self._largest:
                    message = await receive()
                    drained += len(message.get("body", b""))
                    more = message.get("more_body", False)

    async def _answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Call the application with a timeout."""
        begun = False

        async def noted(message: "Message") -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(self._longest):
                await self._app(scope, receive, noted)
        except TimeoutError:
            if begun:
                raise
            text = f"it took longer than {self._longest:g} s: send fewer rows at a time, or later"
            await _refuse(send, HTTPStatus.GATEWAY_TIMEOUT, text)


def _again(body: bytes, receive: "Receive") -> "Receive":
    """Return a receive function that replays a body, then continues."""
    given = False

    async def once() -> "Message":
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


async def _refuse(send: "Send", status: HTTPStatus, text: str) -> None:
    """Respond with a status and a reason, and close the connection."""
    body = json.dumps({"detail": text}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
