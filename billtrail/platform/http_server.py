"""An ASGI application on a port, in a thread of this process.

The port is bound before the thread starts, so that a taken port is an error of the start and not of the night, and
port 0 becomes a real one at once.
"""

import socket
import threading
from typing import Any

import uvicorn

from billtrail.errors import InvariantError, SettingsError

STOP_S = 5.0


class HttpServer:
    """One listening server. `start`, then `stop`."""

    def __init__(self, name: str, app: Any, host: str, port: int) -> None:
        self._socket = _bind(name, host, port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=int(STOP_S)
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered, then let go of the port."""
        self._server.should_exit = True
        self._thread.join(2 * STOP_S)
        self._socket.close()
        if self._thread.is_alive():
            raise InvariantError(f"the server {self._thread.name} did not stop")

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def _bind(name: str, host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsError(
            f"port {port} for {name} cannot be listened on at {host}: {error.strerror}",
            hint=f"choose another with --{name}-port, or see what holds it: ss -ltnp 'sport = :{port}'",
        ) from error
