"""Senders that do not stop when the platform dies: each remembers what it was told about every request it made."""

import json
import threading
from contextlib import closing
from typing import Protocol

import grpc
import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from billtrail.platform.ownership import Ports
from tests.chaos.victim import Victim

SPANS, EVENTS = 20, 5
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
LOST = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
"""What a call ends with when the platform dies under it, or asks for patience."""
AT_NS = 1_767_225_600_000_000_000


class Cargo(Protocol):
    """What a sender brings: `size` records a request, told apart by the request's name."""

    path: str
    media_type: str
    size: int

    def write(self, name: str) -> bytes: ...


class Spans:
    """OTLP requests whose spans carry the request's name."""

    path, media_type, size = "/v1/traces", "application/x-protobuf", SPANS

    def write(self, name: str) -> bytes:
        request = ExportTraceServiceRequest()
        group = request.resource_spans.add()
        group.resource.attributes.add(key="service.name").value.string_value = "chaos"
        spans = group.scope_spans.add().spans
        for number in range(self.size):
            span = spans.add(
                name=name, trace_id=name.encode().rjust(16, b"_"), span_id=number.to_bytes(7, "big") + b"s"
            )
            span.start_time_unix_nano, span.end_time_unix_nano = AT_NS, AT_NS + number
        return request.SerializeToString()


class Events:
    """Batches of CloudEvents whose ids begin with the request's name."""

    path, media_type, size = "/v1/events", "application/cloudevents-batch+json", EVENTS

    def write(self, name: str) -> bytes:
        head = {"specversion": "1.0", "source": "/chaos", "type": "time.approved", "time": "2026-01-01T00:00:00Z"}
        batch = [
            {
                **head,
                "id": f"{name}.{number}",
                "data": {"system": "psa", "objects": [{"type": "time_entry", "id": name}]},
            }
            for number in range(self.size)
        ]
        return json.dumps(batch).encode()


class Courier(Protocol):
    """Carries a request to a platform that may die on the way."""

    def carry(self, ports: Ports, body: bytes) -> bool:
        """Answer whether it was acknowledged."""
        ...

    def close(self) -> None: ...


class HttpCourier:
    """One HTTP connection."""

    def __init__(self, cargo: Cargo) -> None:
        self._path = cargo.path
        self._client = httpx.Client(timeout=10, headers={"content-type": cargo.media_type})

    def carry(self, ports: Ports, body: bytes) -> bool:
        try:
            answer = self._client.post(f"{ports.http_url}{self._path}", content=body)
        except httpx.TransportError:
            return False
        assert answer.status_code in (200, 204, 503), answer.text
        return answer.status_code != 503

    def close(self) -> None:
        self._client.close()


class GrpcCourier:
    """One channel, a new one for every life of the platform."""

    def __init__(self, cargo: Cargo) -> None:
        self._address = ""
        self._channel: grpc.Channel | None = None

    def carry(self, ports: Ports, body: bytes) -> bool:
        if self._channel is None or self._address != ports.grpc_address:
            self.close()
            self._address, self._channel = ports.grpc_address, grpc.insecure_channel(ports.grpc_address)
        try:
            self._channel.unary_unary(EXPORT)(body, timeout=10)
        except grpc.RpcError as error:
            if error.code() not in LOST:
                raise
            return False
        return True

    def close(self) -> None:
        if self._channel:
            self._channel.close()


class Sender:
    """One connection. With `insists` it sends a request again, as it was, until it is acknowledged.

    `told` holds every request it made: True when it was acknowledged.
    """

    def __init__(self, name: str, victim: Victim, cargo: Cargo, courier: Courier, *, insists: bool) -> None:
        self.told: dict[str, bool] = {}
        self.cargo = cargo
        self._name = name
        self._victim = victim
        self._courier = courier
        self._insists = insists
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send_forever, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the request under way; an insisting sender is heard out."""
        self._stop.set()
        self._thread.join(timeout=60)
        assert not self._thread.is_alive()

    def _send_forever(self) -> None:
        with closing(self._courier):
            while not self._stop.is_set():
                if self._victim.ports is None:
                    self._pause()
                    continue
                name = f"{self._name}-{len(self.told)}"
                body = self.cargo.write(name)
                self.told[name] = False
                while not self._send(body, name) and self._insists:
                    self._pause()

    def _send(self, body: bytes, name: str) -> bool:
        if (ports := self._victim.ports) is not None:
            self.told[name] = self._courier.carry(ports, body)
        return self.told[name]

    def _pause(self) -> None:
        threading.Event().wait(0.02)
