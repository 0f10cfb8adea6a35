"""A real collector for tests: takes CloudEvents and OTLP over HTTP and keeps what came, as it came."""

import json
import threading
from collections import deque
from types import TracebackType
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.services.server import ServiceServer


class ReceivedSpan:
    """One span with its resource, attributes as plain values, times in nanoseconds."""

    def __init__(self, span: Any, service_name: str) -> None:
        self.service_name = service_name
        self.name: str = span.name
        self.kind: int = span.kind
        self.trace_id: str = span.trace_id.hex()
        self.span_id: str = span.span_id.hex()
        self.parent_id: str = span.parent_span_id.hex()
        self.start_ns: int = span.start_time_unix_nano
        self.end_ns: int = span.end_time_unix_nano
        self.status: int = span.status.code
        self.attributes: dict[str, Any] = _plain(span.attributes)
        self.events: list[tuple[str, int, dict[str, Any]]] = [
            (event.name, event.time_unix_nano, _plain(event.attributes)) for event in span.events
        ]


class Receiver:
    """A collector on a free port. Answers 202, or first what is queued in `refusals` (status, headers)."""

    def __init__(self) -> None:
        self.event_bodies: list[bytes] = []
        self.event_requests: list[tuple[str, dict[str, str]]] = []
        self.refusals: deque[tuple[int, dict[str, str]]] = deque()
        self._trace_bodies: list[bytes] = []
        self._lock = threading.Lock()
        routes = [
            Route("/v1/events", self._take_events, methods=["POST"]),
            Route("/v1/traces", self._take_traces, methods=["POST"]),
        ]
        self._server = ServiceServer(Starlette(routes=routes), "receiver")
        self.url = self._server.url

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every accepted event in the order of arrival, redelivered ones again."""
        events: list[dict[str, Any]] = []
        for body in self.event_bodies:
            document = json.loads(body)
            events.extend(document if isinstance(document, list) else [document])
        return events

    @property
    def spans(self) -> list[ReceivedSpan]:
        """Every span in the order of arrival."""
        spans = []
        for body in self._trace_bodies:
            for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
                service_name = _plain(resource_spans.resource.attributes)["service.name"]
                spans += [
                    ReceivedSpan(span, service_name) for scope in resource_spans.scope_spans for span in scope.spans
                ]
        return spans

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, traceback)

    async def _take_events(self, request: Request) -> Response:
        body = await request.body()
        with self._lock:
            self.event_requests.append((request.headers["content-type"], dict(request.headers)))
            if self.refusals:
                status, headers = self.refusals.popleft()
                return Response(status_code=status, headers=headers)
            self.event_bodies.append(body)
        return Response(status_code=202)

    async def _take_traces(self, request: Request) -> Response:
        body = await request.body()
        with self._lock:
            self._trace_bodies.append(body)
        return Response(status_code=200, media_type="application/x-protobuf")


def _plain(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
