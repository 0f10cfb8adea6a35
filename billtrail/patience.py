"""How long and how large the head of an HTTP request may be, and for how many, before any application sees it.

uvicorn waits for ever for a head that does not end, and keeps all of it. Here the connection is closed. Bodies are the
application's to limit; between two requests uvicorn's keep-alive counts, as long as nobody needs the room (`crowd.py`).
"""

import asyncio
from typing import ClassVar

from starlette.responses import PlainTextResponse
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from billtrail.crowd import Crowd

# What comes in one read may go beyond it.
MAX_HEAD_BYTES = 1 << 16
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_COME_BACK = PlainTextResponse("too many connections\n", 503, {"retry-after": "5", "connection": "close"})


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with an end of its patience: `head_seconds` for a head, `crowd` for all on the port."""

    head_seconds: ClassVar[float]
    crowd: ClassVar[Crowd]

    _timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    """What came since the end of the last head or piece of a body: a head, or what stands around a body's pieces."""
    _is_one_too_many = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.head_seconds, self.transport.close)
        self._is_one_too_many = self.crowd.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm_down()
        self.crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse()
        elif self._head_bytes and self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def on_headers_complete(self) -> None:
        self._calm_down()
        self.crowd.ask(self)
        if self._is_one_too_many:
            self.crowd.refused += 1
            self.app = _COME_BACK
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._calm_down()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._calm_down()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self.crowd.rest(self)

    def make_room(self) -> None:
        # Not `close`, which waits for the other end where there is TLS.
        self.transport.abort()

    def _calm_down(self) -> None:
        self._head_bytes = 0
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _refuse(self) -> None:
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self.transport.write(_TOO_LARGE)
        self.transport.close()
