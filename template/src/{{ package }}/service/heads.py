"""A timeout for request heads: idle and slow connections are closed."""

import asyncio
import json
from http import HTTPStatus
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle


def patient(longest: float) -> type[HttpToolsProtocol]:
    """Return uvicorn's protocol with a timeout for the head of a request.

    uvicorn has no timeout for the first head of a connection, nor for an incomplete one.

    Args:
        longest: The timeout, in seconds.
    """

    class Patient(HttpToolsProtocol):
        late: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.watch()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self.forget()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self.watch()

        def watch(self) -> None:
            """Start the timeout when a head is expected."""
            cycle = cast("RequestResponseCycle | None", self.cycle)
            if cycle is not None and not cycle.response_complete:
                self.forget()
            elif self.late is None:
                self.late = self.loop.call_later(longest, self.refuse)

        def forget(self) -> None:
            """Stop the timeout."""
            if self.late is not None:
                self.late.cancel()
                self.late = None

        def refuse(self) -> None:
            """Respond with 408, and close the connection."""
            if self.transport.is_closing():
                return
            told = f"the head of the request did not come within {longest:g} s: send it faster"
            body = json.dumps({"detail": told}).encode()
            status = HTTPStatus.REQUEST_TIMEOUT
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\n"
            head += f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            self.transport.write(head.encode() + body)
            self.transport.close()

    return Patient
