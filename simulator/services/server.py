"""Runs a service on a free loopback port, in a thread of its own."""

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from billtrail.errors import InvariantError

START_S = 15.0


class ServiceServer:
    """A running HTTP server. Answers on `url` once entered; stopped on leaving."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self._socket = _listen()
        self._ready = threading.Event()
        self._server = _AnnouncingServer(
            uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2),
            self._ready,
        )
        self._thread = threading.Thread(target=self._run, name=f"{name}-service", daemon=True)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(START_S):
            raise InvariantError(f"service thread {self._thread.name} did not start within {START_S:.0f} s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def _listen() -> socket.socket:
    # asyncio switches Nagle's algorithm off only where the protocol is stated; with it on, every answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    return listening


class _AnnouncingServer(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()
