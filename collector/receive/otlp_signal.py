"""What an OTLP request carries, whichever way it came: traces as they are, logs as the business events they name.

A protobuf body is parsed once by the protobuf library's C parser, to know that the engine will be able to read it, and
then journaled as it came. JSON is turned into protobuf here, so that everything behind the door is one format.

What a request holds that no table can take (a span without valid ids, an event without what it needs) does not refuse
its neighbours: the sender is told in `partial_success`, and the record is kept as a dead letter behind the door. A span
that is larger than the limits is told of in the same way and not kept.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from collector.receive.body import Hold
from collector.receive.json_objects import count_objects
from collector.receive.log_event import read_log_events
from collector.receive.message_count import has_more_messages
from collector.receive.otlp_json import read_otlp_json
from collector.receive.refusal import malformed, too_large
from collector.receive.span_envelope import check_envelopes
from collector.receive.span_scan import are_ordinary
from collector.receive.span_shape import write_ordinary_spans
from collector.settings import JSON_OBJECT_BYTES, CollectorSettings

_NO_TRACE, _NO_SPAN = bytes(16), bytes(8)
_MANY = 50
_LARGE_BYTES = 1 << 16
# Of this size a body of nothing but empty spans becomes 340 MiB while it is looked at, and only one is at a time.
_VAST_BYTES = 4 << 20
# A span with many attributes and events is some dozens of messages.
_MESSAGES_A_SPAN = 40
M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is kept of a request: `spans` as one payload or `events` as bodies, and what the sender is told.

    `ignored` are the log records that are no business events.
    """

    answer: Message
    spans: bytes = b""
    events: tuple[bytes, ...] = ()
    count: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of telemetry. `take` reads a body, JSON or protobuf. It raises Refusal."""

    scope: str
    path: str
    service: str
    request: type[Message]
    take: Callable[[bytes, bool, CollectorSettings], Taken]
    is_read_in_python: bool

    async def take_soon(self, body: bytes, is_json: bool, settings: CollectorSettings, hold: Hold) -> Taken:
        """Do what `take` does, without holding up all the others where it costs a hundred times what parsing does.

        `hold` counts what the body becomes on the way, and may refuse.
        """
        if not is_json and len(body) > _VAST_BYTES:
            await asyncio.to_thread(self._check_messages, body, _MESSAGES_A_SPAN * settings.max_request_spans)
        if not is_json and not self.is_read_in_python:
            return self.take(body, is_json, settings)
        if len(body) <= _LARGE_BYTES:
            return self._take_slowly(body, is_json, settings, hold)
        return await asyncio.to_thread(self._take_slowly, body, is_json, settings, hold)

    def _check_messages(self, body: bytes, limit: int) -> None:
        if has_more_messages(body, self.request, limit):
            raise too_large("the number of messages in the request, whatever they are,", limit)

    def _take_slowly(self, body: bytes, is_json: bool, settings: CollectorSettings, hold: Hold) -> Taken:
        weight = count_objects(body, settings.max_json_objects) * JSON_OBJECT_BYTES if is_json else 0
        hold(weight)
        taken = self.take(body, is_json, settings)
        hold(-weight)
        return taken


def take_traces(body: bytes, is_json: bool, settings: CollectorSettings) -> Taken:
    """Take the spans of an ExportTraceServiceRequest. Raises Refusal."""
    ordinary = write_ordinary_spans(body, settings.max_request_spans) if is_json else body
    message = _parse(ExportTraceServiceRequest, body if ordinary is None else ordinary, ordinary is None)
    counts = count_spans(message)
    count = sum(map(sum, counts))
    if count > settings.max_request_spans:
        raise too_large("the number of spans in the request", settings.max_request_spans)
    check_envelopes(message, counts, len(body), settings.max_expanded_bytes)
    told, outsized = [], 0
    nameless, has_outsized = 0, False
    # An attribute takes two bytes at least.
    most_bytes = min(settings.max_span_bytes, 2 * settings.max_span_attributes)
    if ordinary is None or count < _MANY or not are_ordinary(ordinary, count, most_bytes):
        nameless, has_outsized = look_at_spans(message, len(body), settings)
    if has_outsized:
        outsized = drop_outsized(message, settings)
        nameless, _ = look_at_spans(message, 0, settings)
        told.append(f"{outsized} of {count} spans have more than {settings.max_span_attributes} attributes or")
        told.append(f"{settings.max_span_bytes} bytes and were not kept;")
    if nameless:
        told.append(f"{nameless} of {count} spans have no valid ids (16 and 8 bytes, not all zero);")
        told.append("they are dead letters")
    answer = ExportTraceServiceResponse()
    if told:
        answer.partial_success.rejected_spans = outsized + nameless
        answer.partial_success.error_message = " ".join(told)
    spans = message.SerializeToString() if ordinary is None or outsized else ordinary
    return Taken(answer, spans=spans, count=count - outsized)


def take_logs(body: bytes, is_json: bool, settings: CollectorSettings) -> Taken:
    """Take the business events of an ExportLogsServiceRequest; records without an event name are counted alone."""
    read = read_log_events(_parse(ExportLogsServiceRequest, body, is_json), settings)
    answer, told = ExportLogsServiceResponse(), []
    if read.outsized:
        told.append(f"{read.outsized} events have more than {settings.max_span_attributes} attributes or")
        told.append(f"{settings.max_event_bytes} bytes and were not kept;")
    if read.faults:
        told.append(f"{read.faults[0]}; unusable events are dead letters")
    if told:
        answer.partial_success.rejected_log_records = read.outsized + len(read.faults)
        answer.partial_success.error_message = " ".join(told)
    return Taken(answer, events=tuple(read.bodies), count=len(read.bodies), ignored=read.nameless)


_COLLECTOR = "opentelemetry.proto.collector"
TRACES = Signal(
    "traces", "/v1/traces", f"{_COLLECTOR}.trace.v1.TraceService", ExportTraceServiceRequest, take_traces, False
)
LOGS = Signal("logs", "/v1/logs", f"{_COLLECTOR}.logs.v1.LogsService", ExportLogsServiceRequest, take_logs, True)


def count_spans(message: ExportTraceServiceRequest) -> list[list[int]]:
    """Count the spans of a request, by resource and by scope."""
    return [[len(scoped.spans) for scoped in resourced.scope_spans] for resourced in message.resource_spans]


def look_at_spans(message: ExportTraceServiceRequest, size: int, settings: CollectorSettings) -> tuple[int, bool]:
    """Count the spans that cannot be told apart, and tell whether one holds more than it may. `size` is the request's.

    All zero or another length is no id (trace.proto).
    """
    nameless, has_outsized = 0, False
    # An attribute takes two bytes at least. Sizes are asked of large requests alone: that writes every span.
    most = settings.max_span_attributes if size > 2 * settings.max_span_attributes else None
    limit = settings.max_span_bytes if size > settings.max_span_bytes else None
    for resourced in message.resource_spans:
        for scoped in resourced.scope_spans:
            for span in scoped.spans:
                trace, own = span.trace_id, span.span_id
                if len(trace) != 16 or len(own) != 8 or trace == _NO_TRACE or own == _NO_SPAN:
                    nameless += 1
                if most is not None and len(span.attributes) > most:
                    has_outsized = True
            if limit is not None and any(span.ByteSize() > limit for span in scoped.spans):
                has_outsized = True
    return nameless, has_outsized


def drop_outsized(message: ExportTraceServiceRequest, settings: CollectorSettings) -> int:
    """Take out the spans that hold more than they may; answer how many."""
    most, limit, dropped = settings.max_span_attributes, settings.max_span_bytes, 0
    for resourced in message.resource_spans:
        for scoped in resourced.scope_spans:
            kept = [span for span in scoped.spans if len(span.attributes) <= most and span.ByteSize() <= limit]
            dropped += len(scoped.spans) - len(kept)
            del scoped.spans[:]
            scoped.spans.extend(kept)
    return dropped


def _parse(kind: type[M], body: bytes, is_json: bool) -> M:
    if is_json:
        message = kind()
        read_otlp_json(body, message)
        return message
    try:
        return kind.FromString(body)
    except DecodeError as error:
        raise malformed(f"the body is no {kind.DESCRIPTOR.name}: {error}") from error
