"""Load for the doors: requests prepared beforehand, each made unique as it is sent, from a process of its own.

Two ways to be unique: span ids are random in every request (`with_ids`), and a text that stands in every body is
replaced. Without either the journal would take a request for one that is sent again, and store it once.
"""

import gzip
import json
import multiprocessing
import os
import random
import selectors
import socket
import struct
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

import grpc
import numpy as np
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

MARK = b"#MARK-0000000000#"
CONNECTIONS = 16
SPANS_A_TRACE = 5
PROTOBUF, JSON = "application/x-protobuf", "application/json"
ONE_EVENT, MANY_EVENTS = "application/cloudevents+json", "application/cloudevents-batch+json"
_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


@dataclass(frozen=True)
class Load:
    """What is sent. `id_places` are where trace ids and span ids stand in each body, where they are to be random."""

    name: str
    per_request: int
    bodies: list[bytes]
    path: str = "/v1/traces"
    media_type: str = PROTOBUF
    encoding: str = ""
    is_grpc: bool = False
    id_places: list[Any] = field(default_factory=list)
    connections: int = CONNECTIONS

    @property
    def is_spans(self) -> bool:
        return self.path == "/v1/traces"

    def write(self, number: int) -> bytes:
        """Write the request with this number, unlike every other."""
        place = number % len(self.bodies)
        body, mark = self.bodies[place], b"#MARK-%010d#" % number
        if self.encoding:
            # One more gzip member, whose content is one more protobuf field that nobody knows.
            return body + gzip.compress(b"\xfa\x01" + bytes([len(mark)]) + mark, 1)
        if not self.id_places:
            return body.replace(MARK, mark)
        data = np.frombuffer(body, np.uint8).copy()
        traces, spans, parents = self.id_places[place]
        data[spans] = ids = _draw(len(spans), 8)
        data[parents] = np.repeat(ids[::SPANS_A_TRACE], SPANS_A_TRACE, axis=0)[: len(parents)]
        data[traces] = np.repeat(_draw(-(-len(traces) // SPANS_A_TRACE), 16), SPANS_A_TRACE, axis=0)[: len(traces)]
        return data.tobytes()


def spans_over_http(per_request: int, **changes: Any) -> Load:
    """Protobuf, with unique ids."""
    seeds = range(min(40, max(4, 20_000 // per_request)))
    requests = [make_spans_request(random.Random(seed), per_request) for seed in seeds]
    bodies = [request.SerializeToString() for request in requests]
    load = Load(f"spans over HTTP, {per_request:,} a request", per_request, bodies)
    return replace(load, id_places=[_find_ids(*pair) for pair in zip(requests, bodies, strict=True)], **changes)


def spans_over_grpc(per_request: int) -> Load:
    return spans_over_http(per_request, name=f"spans over gRPC, {per_request:,} a request", is_grpc=True)


def spans_in_gzip(per_request: int) -> Load:
    requests = [make_spans_request(random.Random(seed), per_request) for seed in range(40)]
    bodies = [gzip.compress(request.SerializeToString(), 6) for request in requests]
    return Load(f"spans over HTTP in gzip, {per_request:,} a request", per_request, bodies, encoding="gzip")


def spans_in_json(per_request: int) -> Load:
    bodies = [_write_json(make_spans_request(random.Random(seed), per_request)) for seed in range(10)]
    return Load(f"spans over HTTP in JSON, {per_request:,} a request", per_request, bodies, media_type=JSON)


def events_over_http(per_request: int) -> Load:
    """CloudEvents: a batch, or one structured event."""
    name = f"events over HTTP, {per_request:,} a request"
    events = [make_event(number, MARK.decode()) for number in range(per_request)]
    if per_request == 1:
        return Load(name, 1, events, "/v1/events", ONE_EVENT)
    return Load(name, per_request, [b"[" + b",".join(events) + b"]"], "/v1/events", MANY_EVENTS)


def make_spans_request(chance: random.Random, count: int) -> ExportTraceServiceRequest:
    """Spans of an instrumented HTTP client: six attributes or more, five spans a trace, every tenth with a run."""
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.add(key="service.name").value.string_value = "integration-hub"
    group.resource.attributes.add(key="host.name").value.string_value = MARK.decode()
    spans, now = group.scope_spans.add(), time.time_ns()
    spans.scope.name = "opentelemetry.instrumentation.httpx"
    for number in range(count):
        span = spans.spans.add(name=f"GET /api/{number % 20}", kind=3)
        span.trace_id, span.span_id, span.parent_span_id = (chance.randbytes(size) for size in (16, 8, 8))
        span.start_time_unix_nano, span.end_time_unix_nano = now + number, now + number + 1_000_000
        texts = {
            "http.request.method": "GET",
            "url.full": f"https://erp.example/api/invoices/{chance.randrange(10**6)}",
            "server.address": "erp.example",
            "billtrail.system": "erp",
        }
        if number % 10 == 0:
            texts["billtrail.correlation_id"] = f"run-{chance.randrange(10**6)}"
        for key, text in texts.items():
            span.attributes.add(key=key).value.string_value = text
        span.attributes.add(key="http.response.status_code").value.int_value = 200
        span.attributes.add(key="server.port").value.int_value = 443
    return request


def make_event(number: int, mark: str) -> bytes:
    """One approved time entry, as the PSA reports it. `mark` is replaced in every replay, so that ids stay unique."""
    return (
        f'{{"specversion":"1.0","id":"{mark}-{number:03}","source":"/psa","type":"time.approved",'
        f'"time":"2026-11-01T10:00:00.000Z","subject":"psa:time_entry:TE-{mark}-{number:03}",'
        f'"datacontenttype":"application/json","correlationid":"run-{mark}","data":{{"system":"psa","objects":['
        f'{{"type":"time_entry","id":"TE-{mark}-{number:03}","qualifier":"subject"}},'
        f'{{"type":"project","id":"P-{number % 50}","qualifier":"part_of"}},'
        f'{{"type":"worker","id":"W-{number % 70}","qualifier":"reference"}}],"amount":"1200.00","currency":"EUR",'
        f'"attributes":{{"hours":"8"}}}}}}'
    ).encode()


class Generator:
    """The process that sends. `wait` answers how many requests were acknowledged."""

    def __init__(self, port: int, load: Load, seconds: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._seconds = seconds
        self._answers = context.Queue()
        send = send_over_grpc if load.is_grpc else send_over_http
        self._process = context.Process(target=send, args=(port, load, seconds, self._answers))
        self._process.start()

    def wait(self) -> int:
        count = int(self._answers.get(timeout=self._seconds + 120))
        self._process.join()
        return count


def send_over_http(port: int, load: Load, seconds: float, answers: Any) -> None:
    """Send over a few connections, one request after the other on each, and count the acknowledged ones."""
    head = f"POST {load.path} HTTP/1.1\r\nhost: x\r\ncontent-type: {load.media_type}\r\n"
    head += f"content-encoding: {load.encoding}\r\n" if load.encoding else ""
    waiting, count, sent = selectors.DefaultSelector(), 0, 0

    def send(connection: socket.socket) -> None:
        nonlocal sent
        body = load.write(sent)
        sent += 1
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)

    for _ in range(load.connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(connection, selectors.EVENT_READ)
        send(connection)
    deadline, open_count = time.monotonic() + seconds, load.connections
    while open_count:
        for key, _ in waiting.select():
            connection = key.fileobj  # type: ignore[assignment]
            answer = connection.recv(65536)
            count += sum(answer.count(line) for line in (b"HTTP/1.1 200", b"HTTP/1.1 202", b"HTTP/1.1 204"))
            if b"HTTP/1.1" not in answer:  # The body of an answer whose head came before.
                continue
            if time.monotonic() < deadline:
                send(connection)
            else:
                waiting.unregister(connection)
                open_count -= 1
    answers.put(count)


def send_over_grpc(port: int, load: Load, seconds: float, answers: Any) -> None:
    """Keep a few calls under way on one channel, and count the acknowledged ones."""
    count, sent = 0, 0
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary(_EXPORT)
        under_way: deque[Any] = deque()
        deadline = time.monotonic() + seconds
        while under_way or time.monotonic() < deadline:
            while len(under_way) < load.connections and time.monotonic() < deadline:
                under_way.append(call.future(load.write(sent), timeout=60))
                sent += 1
            if under_way:
                under_way.popleft().result()
                count += 1
    answers.put(count)


def _draw(count: int, size: int) -> Any:
    return np.frombuffer(os.urandom(count * size), np.uint8).reshape(count, size)


def _find_ids(request: ExportTraceServiceRequest, body: bytes) -> tuple[Any, Any, Any]:
    """Find where the ids of each span stand in the body: trace ids, span ids, parents."""
    spans = request.resource_spans[0].scope_spans[0].spans
    places = []
    for name, size in (("trace_id", 16), ("span_id", 8), ("parent_span_id", 8)):
        starts, at = [], 0
        for span in spans:
            at = body.index(struct.pack("B", size) + getattr(span, name), at) + 1
            starts.append(at)
        places.append(np.array(starts)[:, None] + np.arange(size))
    return places[0], places[1], places[2]


def _write_json(request: ExportTraceServiceRequest) -> bytes:
    document = json_format.MessageToDict(request, use_integers_for_enums=True)
    for written, span in zip(
        document["resourceSpans"][0]["scopeSpans"][0]["spans"],
        request.resource_spans[0].scope_spans[0].spans,
        strict=True,
    ):
        written |= {"traceId": span.trace_id.hex(), "spanId": span.span_id.hex()}
        written["parentSpanId"] = span.parent_span_id.hex()
    return json.dumps(document, separators=(",", ":")).encode()
