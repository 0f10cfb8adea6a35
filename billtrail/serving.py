"""An ASGI application on a port, in a thread of this process.

The port is bound before the thread starts, so that a taken port is an error of the start and not of the night, and
port 0 becomes a real one at once. Whether an open port needs a token is asked before, see `billtrail.listening`.
"""

import socket
import threading
from pathlib import Path
from typing import Any

import uvicorn

from billtrail.crowd import Crowd, afford_connections
from billtrail.errors import InvariantError, SettingsError
from billtrail.patience import PatientProtocol

STOP_S = 10.0
HEAD_S = 30.0
CONNECTIONS = 1000
# Connections that wait to be taken up while the application is busy.
BACKLOG = 2048


class HttpServer:
    """One listening server, `name` as in `--{name}-port`. `start`, then `stop`. `tls` is a certificate and its key.

    A connection on which the head of a request takes longer than `head_seconds` is closed. Beyond
    `max_connections` idle ones make room, see `billtrail.crowd`.
    Raises SettingsError when the port cannot be listened on, or the files of TLS cannot be used.
    """

    def __init__(
        self,
        name: str,
        app: Any,
        host: str,
        port: int,
        *,
        tls: tuple[Path, Path] | None = None,
        head_seconds: float = HEAD_S,
        max_connections: int = CONNECTIONS,
    ) -> None:
        self._socket = _bind(name, host, port)
        self.port: int = self._socket.getsockname()[1]
        self.crowd = Crowd(afford_connections(max_connections))
        cert, key = tls or (None, None)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=int(STOP_S),
            ssl_certfile=cert, ssl_keyfile=key, ws="none",
            http=type("Patient", (PatientProtocol,), {"head_seconds": head_seconds, "crowd": self.crowd}),
        )  # fmt: skip
        try:
            config.load()  # Reads the files now, where the operator is told, and not in the thread.
        except OSError as error:
            self._socket.close()
            raise SettingsError(
                f"tls_cert, tls_key of port {name}: {error}", hint="expected PEM files that belong together"
            ) from error
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered, then let go of the port. Harmless where it was not started."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(2 * STOP_S)
        self._socket.close()
        if self._thread.is_alive():
            raise InvariantError(f"the server {self._thread.name} did not stop")

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def check_free(name: str, host: str, port: int) -> None:
    """Raise SettingsError when a port that another process is about to take cannot be listened on."""
    _bind(name, host, port).close()


def _bind(name: str, host: str, port: int) -> socket.socket:
    # asyncio switches Nagle's algorithm off only where the protocol is stated; with it on, an answer may take 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise SettingsError(
            f"port {port} for {name} cannot be listened on at {host}: {error.strerror or error}",
            hint=f"choose another with --{name}-port, or see what holds it: ss -ltnp 'sport = :{port}'",
        ) from error
    return bound
