"""OTLP/gRPC: `Export` of the trace and the logs service, plain or gzip, on a port of its own.

The bytes of a request come in undecoded and take the way of OTLP/HTTP: the same checks, the same journal, the same
tokens (metadata `authorization`, looked at before the body is read). Refusals carry `google.rpc.Status`: UNAVAILABLE
with RetryInfo when the same request may succeed later, INVALID_ARGUMENT with BadRequest when it never will. Too large
is RESOURCE_EXHAUSTED without RetryInfo: sending it again does not help. Too fast is RESOURCE_EXHAUSTED with it. gRPC
itself stops inflating at the limit.

All calls share one event loop in a thread of its own, so one whose message does not come keeps nobody waiting, and it
is ended when its time is over, as is a connection that says nothing. To the sender the methods are unary; here they are
streams, which are read by hand.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import grpc.aio

from billtrail.crowd import afford_connections
from billtrail.errors import SettingsError
from collector.receive.doorway import Doorway, Visit
from collector.receive.otlp_signal import LOGS, TRACES, Signal
from collector.receive.problem import rpc_status
from collector.receive.refusal import Refusal, malformed, too_slow
from collector.settings import MIB, CollectorSettings

DOOR = "otlp_grpc"
_GRACE_S = 10
# Told to come again, a sender does so when it has something to send.
_IDLE_MS = 300_000
# Held for a call until its message is there: nothing tells its size before.
_UNREAD_BYTES = MIB
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class GrpcServer:
    """The port. Bound when it exists; serves from `start` on."""

    def __init__(self, doorway: Doorway) -> None:
        """Raises SettingsError when the port is taken, or the files of TLS cannot be used."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="collector-grpc", daemon=True)
        self._thread.start()
        try:
            self.port: int = self._wait_for(self._open(doorway))
        except BaseException:
            self._end()
            raise

    def start(self) -> None:
        self._wait_for(self._server.start())

    def stop(self) -> None:
        """Answer what is being answered; everything after that is refused. May be called again."""
        if self._loop.is_closed():
            return
        self._wait_for(self._server.stop(_GRACE_S))
        self._end()

    async def _open(self, doorway: Doorway) -> int:
        settings = doorway.settings
        host, port = settings.grpc_host, settings.grpc_port
        options = [
            ("grpc.max_receive_message_length", settings.max_decompressed_bytes),
            ("grpc.so_reuseport", 0),
            ("grpc.max_allowed_incoming_connections", afford_connections(settings.max_connections)),
            ("grpc.server_handshake_timeout_ms", max(1, int(settings.receive_seconds * 1000))),
            ("grpc.max_connection_idle_ms", _IDLE_MS),
        ]
        self._server = grpc.aio.server(options=options)
        self._server.add_generic_rpc_handlers((_Exports(doorway),))
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        try:
            return self._bind(address, settings)
        except RuntimeError as error:
            raise SettingsError(
                f"collector.grpc_port: cannot listen on {address}",
                hint="another process may use it; choose another port, or -1 for no OTLP/gRPC",
            ) from error

    def _bind(self, address: str, settings: CollectorSettings) -> int:
        if settings.tls is None:
            return int(self._server.add_insecure_port(address))
        cert, key = (path.read_bytes() for path in settings.tls)
        return int(self._server.add_secure_port(address, grpc.ssl_server_credentials([(key, cert)])))

    def _wait_for(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _Exports(grpc.GenericRpcHandler):  # type: ignore[misc, unused-ignore]
    """Knows the methods."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway
        self._signals = {f"/{signal.service}/Export": signal for signal in (TRACES, LOGS)}

    def service(self, handler_call_details: Any) -> Any:
        signal = self._signals.get(handler_call_details.method)
        return grpc.stream_unary_rpc_method_handler(self._export(signal)) if signal else None

    def _export(self, signal: Signal) -> Callable[[Any, Any], Awaitable[bytes]]:
        async def export(_: Any, context: Any) -> bytes:
            with self._doorway.measure(DOOR) as visit:
                try:
                    return await self._take(signal, context, visit)
                except Refusal as refusal:
                    visit.note(refusal)
                    await _abort(context, refusal)
                    raise

        return export

    async def _take(self, signal: Signal, context: Any, visit: Visit) -> bytes:
        """Take one call. Whoever has no token is turned away without reading what it sends. Raises Refusal."""
        metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        source = self._doorway.admit_given(metadata.get("authorization", ""), signal.scope)
        visit.hold(_UNREAD_BYTES)
        body = await self._read(context)
        visit.hold(len(body) - _UNREAD_BYTES)
        taken = await signal.take_soon(body, False, self._doorway.settings, visit.hold)
        await self._doorway.keep(taken, source, DOOR)
        visit.accept(len(body))
        return taken.answer.SerializeToString()

    async def _read(self, context: Any) -> bytes:
        seconds = self._doorway.settings.receive_seconds
        try:
            async with asyncio.timeout(seconds):
                message = await context.read()
        except TimeoutError as error:
            raise too_slow(seconds) from error
        if message is grpc.aio.EOF:
            raise malformed("the call ended before its message")
        return bytes(message)


async def _abort(context: Any, refusal: Refusal) -> None:
    """End the call by raising."""
    status = rpc_status(refusal)
    details = ("grpc-status-details-bin", status.SerializeToString())
    await context.abort(_CODES[status.code], status.message, (details,))
