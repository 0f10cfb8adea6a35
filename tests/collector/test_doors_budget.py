"""What requests hold together is bounded, whether they are slow, wait for the disk or become large on the way."""

import asyncio
import dataclasses
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from collector.receive.budget import Budget
from collector.receive.json_objects import count_objects
from collector.receive.otlp_signal import LOGS, TRACES, Signal, Taken
from collector.receive.refusal import Refusal
from collector.settings import CollectorSettings
from tests.collector.conftest import Running, Start, make_event
from tests.collector.test_doors_otlp import make_span, write

PROTOBUF = {"content-type": "application/x-protobuf"}
MOST = 100_000
SMALL = {
    "max_body_bytes": 40_000,
    "max_decompressed_bytes": 40_000,
    "max_json_objects": 20,
    "max_in_flight_bytes": MOST,
}


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


@contextmanager
def stalled(running: Running, size: int) -> Iterator[None]:
    """A body of which the last byte does not come."""
    head = (
        f"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: {size}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.collector.http_port), timeout=60) as line:
        line.sendall(head.encode() + bytes(size - 1))
        yield


def test_bodies_that_do_not_end_are_bounded_together(start: Start) -> None:
    running = start(**SMALL)
    budget = running.collector.doorway.budget
    with ExitStack() as lines:
        for held in (35_000, 70_000):
            lines.enter_context(stalled(running, 35_001))
            wait_until(lambda held=held: budget.held_bytes == held)  # type: ignore[misc]
        answer = running.client.post("/v1/traces", content=bytes(35_000), headers=PROTOBUF)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert running.send(make_event(subject="x" * 35_000)).status_code == 503
        assert running.send(make_event()).status_code == 204
    wait_until(lambda: budget.held_bytes == 0)
    assert running.send(make_event(subject="x" * 35_000)).status_code == 204


def test_what_waits_for_the_disk_is_bounded(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    running, goes_on, statuses = start(**SMALL), threading.Event(), list[int]()
    sync, body = os.fdatasync, write("protobuf", make_span(name="x" * 35_000))

    def hang(file: int) -> None:
        goes_on.wait(60)
        sync(file)

    def send() -> None:
        statuses.append(httpx.post(f"{running.url}/v1/traces", content=body, headers=PROTOBUF, timeout=90).status_code)

    monkeypatch.setattr(os, "fdatasync", hang)
    senders = [threading.Thread(target=send) for _ in range(6)]
    try:
        for place, sender in enumerate(senders):
            sender.start()
            wait_until(lambda: running.collector.doorway.budget.held_bytes >= min(place + 1, 2) * len(body))  # noqa: B023
        wait_until(lambda: len(statuses) == 4)
        assert statuses == [503] * 4
    finally:
        goes_on.set()
        for sender in senders:
            sender.join()
    assert sorted(statuses) == [200] * 2 + [503] * 4
    assert running.collector.doorway.budget.held_bytes == 0


def test_a_budget_that_no_request_fits_into_is_refused() -> None:
    with pytest.raises(ValidationError, match="max_in_flight_bytes is less than"):
        CollectorSettings(max_in_flight_bytes=64 << 20)


@pytest.mark.parametrize("value", [{}, [], [[], {"a": [1, {}]}], {"a": '{[\\"{', "b": "\\", "c": ["é["]}])
def test_objects_are_counted_and_texts_are_not(value: Any) -> None:
    def count(one: Any) -> int:
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else None
        return 0 if inner is None else 1 + sum(map(count, inner))

    body = json.dumps(value, ensure_ascii=False).encode()
    assert count_objects(body, count(value)) == count(value)
    with pytest.raises(Refusal):
        count_objects(body, count(value) - 1)


@pytest.mark.parametrize("body", [b'"' + b"[" * 1_000_000, b"[" + b'\\"' * 1_000_000, b"[1" * 3 + b'"\\'])
def test_what_is_no_json_is_counted_all_the_same(body: bytes) -> None:
    assert count_objects(body, 3) in (0, 1, 3)


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs"])
def test_many_objects_are_refused_before_they_are_built(start: Start, path: str) -> None:
    running = start(**SMALL)
    for said in ({"resourceSpans": [{}] * 20}, {"unknown": [[]] * 20}):
        answer = running.client.post(path, json=said)
        assert (answer.status_code, "JSON objects" in answer.json()["message"]) == (413, True)


def test_spans_in_json_are_counted_before_they_are_written() -> None:
    body = write("application/json", *[make_span()] * 3)
    with pytest.raises(Refusal, match="number of spans"):
        TRACES.take(body, True, CollectorSettings(max_request_spans=2))


@pytest.mark.parametrize(
    ("signal", "is_json", "is_beside"),
    [(LOGS, False, True), (LOGS, True, True), (TRACES, True, True), (TRACES, False, False)],
)
def test_what_python_reads_is_read_beside_the_loop(signal: Signal, is_json: bool, is_beside: bool) -> None:
    threads: list[int] = []

    def take(body: bytes, is_json: bool, settings: CollectorSettings) -> Taken:
        threads.append(threading.get_ident())
        return signal.take(body, is_json, settings)

    watched = dataclasses.replace(signal, take=take)
    budget = Budget(1 << 30)
    for body in (
        b"{}" if is_json else b"",
        b"{" + b" " * 100_000 + b"}" if is_json else b"\x12\xa0\x8d\x06" + bytes(100_000),
    ):
        asyncio.run(watched.take_soon(body, is_json, CollectorSettings(), budget.hold))
    assert [one == threading.get_ident() for one in threads] == [True, not is_beside]
    assert budget.held_bytes == 0
