"""Senders that do not stop when the platform dies: each remembers what it was told about every request it made."""

import json
import threading
from typing import Protocol

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.chaos.victim import Victim

SPANS, EVENTS = 20, 5
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


class Sender:
    """One connection. With `insists` it sends a request again, as it was, until it is acknowledged.

    `told` holds every request it made: True when it was acknowledged.
    """

    def __init__(self, name: str, victim: Victim, cargo: Cargo, *, insists: bool) -> None:
        self.told: dict[str, bool] = {}
        self.cargo = cargo
        self._name = name
        self._victim = victim
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
        with httpx.Client(timeout=10, headers={"content-type": self.cargo.media_type}) as client:
            while not self._stop.is_set():
                if self._victim.ports is None:
                    self._pause()
                    continue
                name = f"{self._name}-{len(self.told)}"
                body = self.cargo.write(name)
                self.told[name] = False
                while not self._send(client, body, name) and self._insists:
                    self._pause()

    def _send(self, client: httpx.Client, body: bytes, name: str) -> bool:
        if (ports := self._victim.ports) is None:
            return False
        try:
            answer = client.post(f"{ports.http_url}{self.cargo.path}", content=body)
        except httpx.TransportError:
            return False
        assert answer.status_code in (200, 204, 503), answer.text
        self.told[name] = answer.status_code != 503
        return self.told[name]

    def _pause(self) -> None:
        threading.Event().wait(0.02)
