"""How long and how large the head of an HTTP request may be, before any application sees it.

uvicorn waits for ever for a head that does not end, and keeps all of it. Here the connection is closed. Bodies are the
application's to limit; between two requests uvicorn's keep-alive counts.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What comes in one read may go beyond it.
MAX_HEAD_BYTES = 1 << 16
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with an end of its patience: `head_seconds` for a head."""

    head_seconds: ClassVar[float]

    _timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    """What came since the end of the last head or piece of a body: a head, or what stands around a body's pieces."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm_down()
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
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._calm_down()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._calm_down()
        super().on_message_complete()

    def _calm_down(self) -> None:
        self._head_bytes = 0
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _refuse(self) -> None:
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self.transport.write(_TOO_LARGE)
        self.transport.close()
