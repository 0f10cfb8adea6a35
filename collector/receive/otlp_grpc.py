"""OTLP/gRPC: `Export` of the trace and the logs service, plain or gzip, on a port of its own.

The bytes of a request come in undecoded and take the way of OTLP/HTTP: the same checks, the same journal, the same
tokens (metadata `authorization`, looked at before the body is read). Refusals carry `google.rpc.Status`: UNAVAILABLE
with RetryInfo when the same request may succeed later, INVALID_ARGUMENT with BadRequest when it never will. Too large
is RESOURCE_EXHAUSTED without RetryInfo: sending it again does not help. Too fast is RESOURCE_EXHAUSTED with it. gRPC
itself stops inflating at the limit.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from billtrail.errors import SettingsError
from collector.receive.doorway import Doorway
from collector.receive.otlp_signal import LOGS, TRACES, Signal
from collector.receive.problem import rpc_status
from collector.receive.refusal import Refusal
from collector.settings import CollectorSettings

DOOR = "otlp_grpc"
# Each waits for one fsync, which they share; more threads than senders would do nothing.
_THREADS = 32
_GRACE_S = 10
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class GrpcServer:
    """The port. Bound when it exists; serves from `start` on."""

    def __init__(self, doorway: Doorway) -> None:
        """Raises SettingsError when the port is taken, or the files of TLS cannot be used."""
        settings = doorway.settings
        host, port = settings.grpc_host, settings.grpc_port
        options = [
            ("grpc.max_receive_message_length", settings.max_decompressed_bytes),
            ("grpc.so_reuseport", 0),
        ]
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="collector-grpc")
        self._server = grpc.server(pool, options=options)
        self._server.add_generic_rpc_handlers((_Exports(doorway),))
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        try:
            self.port: int = self._bind(address, settings)
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

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        """Answer what is being answered; everything after that is refused."""
        self._server.stop(_GRACE_S).wait()


class _Exports(grpc.GenericRpcHandler):  # type: ignore[misc, unused-ignore]
    """Knows the methods. Whoever has no token is turned away without reading what it sends."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway
        self._signals = {f"/{signal.service}/Export": signal for signal in (TRACES, LOGS)}

    def service(self, handler_call_details: Any) -> Any:
        signal = self._signals.get(handler_call_details.method)
        if signal is None:
            return None
        metadata = {key: value for key, value in handler_call_details.invocation_metadata if isinstance(value, str)}
        try:
            source = self._doorway.admit_given(metadata.get("authorization", ""), signal.scope)
        except Refusal as refusal:
            return grpc.stream_unary_rpc_method_handler(self._turn_away(refusal))
        return grpc.unary_unary_rpc_method_handler(self._export(signal, source))

    def _export(self, signal: Signal, source: str) -> Callable[[bytes, Any], bytes]:
        def export(body: bytes, context: Any) -> bytes:
            with self._doorway.measure(DOOR) as visit:
                try:
                    taken = signal.take(body, False, self._doorway.settings)
                    self._doorway.keep_now(taken, source, DOOR)
                except Refusal as refusal:
                    visit.note(refusal)
                    _abort(context, refusal)
                visit.accept(len(body))
                return taken.answer.SerializeToString()

        return export

    def _turn_away(self, refusal: Refusal) -> Callable[[Iterator[bytes], Any], bytes]:
        def refuse(_: Iterator[bytes], context: Any) -> bytes:
            with self._doorway.measure(DOOR) as visit:
                visit.note(refusal)
                _abort(context, refusal)
            return b""

        return refuse


def _abort(context: Any, refusal: Refusal) -> None:
    """End the call by raising."""
    status = rpc_status(refusal)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(_CODES[status.code], status.message)
