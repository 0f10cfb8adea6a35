"""OTLP/HTTP as its specification says: answers in the encoding of the request, refusals, partial success."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.collector.conftest import Running, Start

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "logs" / "otlp"
PROTOBUF, JSON = "application/x-protobuf", "application/json"


def make_span(**changes: Any) -> dict[str, Any]:
    span = {"traceId": os.urandom(16).hex(), "spanId": os.urandom(8).hex(), "name": "a"}
    return span | {"startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661000000000"} | changes


def write(media_type: str, *spans: dict[str, Any]) -> bytes:
    document = {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}
    if media_type == JSON:
        return json.dumps(document).encode()
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add().scope_spans.add().spans
    for span in spans:
        ids = {"trace_id": bytes.fromhex(span["traceId"]), "span_id": bytes.fromhex(span["spanId"])}
        group.add(name=span["name"], start_time_unix_nano=int(span["startTimeUnixNano"]), **ids)
    return request.SerializeToString()


def read_status(media_type: str, content: bytes) -> status_pb2.Status:
    if media_type == JSON:
        return json_format.Parse(content, status_pb2.Status())
    return status_pb2.Status.FromString(content)


def count(running: Running, table: str) -> int:
    running.drain()
    return int(running.store.query(f"SELECT count() AS n FROM {table}")[0]["n"])


@pytest.mark.parametrize("media_type", [PROTOBUF, JSON])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_accepted_request_is_answered_in_its_own_encoding(running: Running, media_type: str, encoding: str) -> None:
    body = write(media_type, make_span())
    content = gzip.compress(body) if encoding == "gzip" else body
    headers = {"content-type": f"{media_type}; charset=utf-8", "content-encoding": encoding}
    answer = running.client.post("/v1/traces", content=content, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content == (b"{}" if media_type == JSON else b"")
    assert count(running, "spans") == 1


@pytest.mark.parametrize("media_type", [PROTOBUF, JSON])
@pytest.mark.parametrize(
    "ids",
    [{"traceId": "00" * 16}, {"spanId": "00" * 8}, {"traceId": "abcd"}, {"spanId": "00" * 9}, {"spanId": ""}],
)
def test_a_span_without_valid_ids_is_rejected_and_its_neighbours_are_kept(
    running: Running, media_type: str, ids: dict[str, str]
) -> None:
    body = write(media_type, make_span(), make_span(**ids), make_span())
    answer = running.client.post("/v1/traces", content=body, headers={"content-type": media_type})
    assert answer.status_code == 200
    if media_type == JSON:
        assert answer.json()["partialSuccess"]["rejectedSpans"] == "1"
    else:
        told = ExportTraceServiceResponse.FromString(answer.content).partial_success
        assert (told.rejected_spans, bool(told.error_message)) == (1, True)
    assert (count(running, "spans"), count(running, "dead_letters")) == (2, 1)


@pytest.mark.parametrize("media_type", [PROTOBUF, JSON])
def test_what_cannot_be_read_is_refused_with_a_status(running: Running, media_type: str) -> None:
    answer = running.client.post("/v1/traces", content=b"\xff{", headers={"content-type": media_type})
    assert (answer.status_code, answer.headers["content-type"]) == (400, media_type)
    status = read_status(media_type, answer.content)
    assert status.code == 3
    assert status.details[0].Unpack(error_details_pb2.BadRequest())
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("media_type", [PROTOBUF, JSON])
@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs"])
def test_every_refusal_is_a_status(start: Start, media_type: str, path: str) -> None:
    running = start(tokens=("secret",), max_body_bytes=1000)
    headers = {"content-type": media_type}
    known = headers | {"authorization": "Bearer secret"}
    answers = {
        401: running.client.post(path, content=b"", headers=headers),
        405: running.client.put(path, content=b"", headers=known),
        413: running.client.post(path, content=bytes(1001), headers=known),
        415: running.client.post(path, content=b"", headers=known | {"content-encoding": "br"}),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {one: one for one in answers}
    assert all(read_status(media_type, answer.content).message for answer in answers.values())
    assert answers[405].headers["allow"] == "POST"


@pytest.mark.parametrize("media_type", [PROTOBUF, JSON])
def test_a_full_journal_says_when_to_come_back(start: Start, media_type: str) -> None:
    running = start(journal_max_bytes=10)
    body = write(media_type, make_span())
    answer = running.client.post("/v1/traces", content=body, headers={"content-type": media_type})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    retry = error_details_pb2.RetryInfo()
    assert read_status(media_type, answer.content).details[0].Unpack(retry)
    assert retry.retry_delay.seconds == 5
    assert count(running, "spans") == 0


def test_too_many_spans_are_refused(start: Start) -> None:
    running = start(max_request_spans=2)
    body = write(JSON, *(make_span() for _ in range(3)))
    assert running.client.post("/v1/traces", content=body, headers={"content-type": JSON}).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{}", b'{"resourceSpans":[{}]}'])
def test_an_empty_request_is_accepted(running: Running, body: bytes) -> None:
    media_type = JSON if body else PROTOBUF
    assert running.client.post("/v1/traces", content=body, headers={"content-type": media_type}).status_code == 200


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
@pytest.mark.parametrize(("name", "path"), [("trace", "/v1/traces"), ("logs", "/v1/logs"), ("events", "/v1/logs")])
def test_the_examples_of_the_specification_are_accepted(running: Running, name: str, path: str) -> None:
    body = (REFERENCE / f"{name}.json").read_bytes()
    answer = running.client.post(path, content=body, headers={"content-type": JSON})
    assert (answer.status_code, answer.json()) == (200, {})
    wanted = {"trace": (1, 0), "logs": (0, 0), "events": (0, 1)}
    assert (count(running, "spans"), count(running, "events")) == wanted[name]
