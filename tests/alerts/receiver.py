"""A real HTTP receiver on a port of its own: keeps what is posted, answers as it is told."""

import socket
import threading
from collections import deque
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Receiver:
    """Answers 200, or first what is queued in `answers` (status, headers). `port` 0 takes a free one."""

    def __init__(self, port: int = 0) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.refused: list[Any] = []
        self.answers: deque[tuple[int, dict[str, str]]] = deque()
        self.arrived = threading.Event()
        self.release = threading.Event()
        self.release.set()
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        app = Starlette(routes=[Route("/{path:path}", self._take, methods=["POST"])])
        self._server = _ReadyServer(uvicorn.Config(app, log_level="critical", lifespan="off", access_log=False))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._server.is_ready.wait(20)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release.set()
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()

    async def _take(self, request: Request) -> Response:
        body = await request.json()
        while not self.release.is_set():
            await _in_thread(self.release.wait)
        status, headers = self.answers.popleft() if self.answers else (200, {})
        (self.bodies if 200 <= status < 300 else self.refused).append(body)
        self.headers.append(dict(request.headers))
        self.arrived.set()
        return Response(status_code=status, headers=headers)


class _ReadyServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.is_ready.set()


async def _in_thread(function: Any) -> Any:
    from starlette.concurrency import run_in_threadpool

    return await run_in_threadpool(function)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
