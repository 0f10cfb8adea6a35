"""What an OTLP request carries, whichever way it came: traces as they are, logs as the business events they name.

A protobuf body is parsed once by the protobuf library's C parser, to know that the engine will be able to read it, and
then journaled as it came. JSON is turned into protobuf here, so that everything behind the door is one format.

What a request holds that no table can take (a span without valid ids, an event without what it needs) does not refuse
its neighbours: the sender is told in `partial_success`, and the record is kept as a dead letter behind the door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from collector.receive.log_event import read_log_events
from collector.receive.otlp_json import read_otlp_json
from collector.receive.refusal import malformed, too_large
from collector.receive.span_shape import write_ordinary_spans
from collector.settings import CollectorSettings

_NO_TRACE, _NO_SPAN = bytes(16), bytes(8)
M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is kept of a request: `spans` as one payload or `events` as bodies, and what the sender is told."""

    answer: Message
    spans: bytes = b""
    events: tuple[bytes, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of telemetry. `take` reads a body, JSON or protobuf. It raises Refusal."""

    scope: str
    path: str
    service: str
    take: Callable[[bytes, bool, CollectorSettings], Taken]


def take_traces(body: bytes, is_json: bool, settings: CollectorSettings) -> Taken:
    """Take the spans of an ExportTraceServiceRequest. Raises Refusal."""
    ordinary = write_ordinary_spans(body) if is_json else body
    message = _parse(ExportTraceServiceRequest, body if ordinary is None else ordinary, ordinary is None)
    count = count_spans(message)
    if count > settings.max_request_spans:
        raise too_large("the number of spans in the request", settings.max_request_spans)
    answer = ExportTraceServiceResponse()
    if rejected := count_without_ids(message):
        answer.partial_success.rejected_spans = rejected
        answer.partial_success.error_message = (
            f"{rejected} of {count} spans have no valid ids (16 and 8 bytes, not all zero); they are dead letters"
        )
    return Taken(answer, spans=message.SerializeToString() if ordinary is None else ordinary, count=count)


def take_logs(body: bytes, is_json: bool, settings: CollectorSettings) -> Taken:
    """Take the business events of an ExportLogsServiceRequest; records without an event name are counted alone."""
    read = read_log_events(_parse(ExportLogsServiceRequest, body, is_json))
    if len(read.bodies) > settings.max_batch_events:
        raise too_large("the number of events in the request", settings.max_batch_events)
    answer = ExportLogsServiceResponse()
    if read.faults:
        answer.partial_success.rejected_log_records = len(read.faults)
        answer.partial_success.error_message = f"{read.faults[0]}; unusable events are dead letters"
    return Taken(answer, events=tuple(read.bodies), count=read.records)


TRACES = Signal("traces", "/v1/traces", "opentelemetry.proto.collector.trace.v1.TraceService", take_traces)
LOGS = Signal("logs", "/v1/logs", "opentelemetry.proto.collector.logs.v1.LogsService", take_logs)


def count_spans(message: ExportTraceServiceRequest) -> int:
    """Count the spans of a request; empty envelopes hold none."""
    return sum(len(scoped.spans) for resourced in message.resource_spans for scoped in resourced.scope_spans)


def count_without_ids(message: ExportTraceServiceRequest) -> int:
    """Count the spans that cannot be told apart (trace.proto: all zero or another length is invalid)."""
    rejected = 0
    for resourced in message.resource_spans:
        for scoped in resourced.scope_spans:
            for span in scoped.spans:
                trace, own = span.trace_id, span.span_id
                if len(trace) != 16 or len(own) != 8 or trace == _NO_TRACE or own == _NO_SPAN:
                    rejected += 1
    return rejected


def _parse(kind: type[M], body: bytes, is_json: bool) -> M:
    if is_json:
        message = kind()
        read_otlp_json(body, message)
        return message
    try:
        return kind.FromString(body)
    except DecodeError as error:
        raise malformed(f"the body is no {kind.DESCRIPTOR.name}: {error}") from error
