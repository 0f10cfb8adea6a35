"""Ordinary events are recognised in C, and never one that the rules refuse: the two ways answer alike."""

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.receive import cloudevents
from collector.receive.cloudevents import read_events
from collector.receive.event_shape import is_ordinary, split_ordinary
from collector.receive.refusal import Refusal
from tests.collector.conftest import make_event
from tests.collector.test_fuzz import broken

BATCH = {"content-type": "application/cloudevents-batch+json"}
RICH = make_event(
    7,
    subject="psa:time_entry:TE-7",
    datacontenttype="application/json",
    traceparent="00-" + "ab" * 16 + "-" + "cd" * 8 + "-01",
    sequence=4,
    data={
        "system": "psa",
        "objects": [{"type": "time_entry", "id": "TE-7"}, {"type": "project", "id": 9, "system": "erp"}],
        "relations": [{"from": {"type": "a", "id": "1"}, "to": {"type": "b", "id": "2"}, "qualifier": "part_of"}],
        "lines": [{"object": {"type": "project", "id": "P"}, "amount": "100.00"}],
        "amount": 1200.5,
        "outcome": "success",
        "attributes": {"text": "é \\u00e9", "deep": [{"a": None}]},
    },
)
BODY = json.dumps([make_event(1), RICH], ensure_ascii=False).encode()


def read_by_rules(body: bytes) -> list[bytes] | None:
    """Read a batch the long way; None when it is refused."""
    try:
        return cloudevents.read_closely(body, 100)
    except Refusal:
        return None


def test_ordinary_events_need_no_closer_look() -> None:
    parts = [json.dumps(one).encode() for one in (make_event(1), RICH, make_event(2, data=None))]
    assert split_ordinary(b" [ " + b" ,\n".join(parts) + b"]\n", 10) == parts
    assert all(map(is_ordinary, parts))
    assert split_ordinary(b"[" + b",".join(parts) + b"]", 2) is None


LEAST = '{"specversion":"1.0","id":"1","source":"1","type":"1"}'


@pytest.mark.parametrize(
    "one", ["0", "{}", "[]", LEAST, LEAST.replace("ver", "\\u0076er"), LEAST.replace("spec", "\\u0073pec")]
)
def test_events_are_counted_before_they_are_held(one: str) -> None:
    body = b"[" + b",".join([one.encode()] * (1_000_000 // len(one))) + b"]"
    tracemalloc.start()
    with pytest.raises(Refusal) as caught:
        read_events(BATCH, body, 100)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.status == (413 if len(one) > 2 else 400)
    assert peak_bytes < 2 * len(body)


def test_a_large_batch_within_the_limit_is_still_ordinary() -> None:
    wordy = make_event(1, data={"attributes": {"specversion": "specversion" * 9, "text": "\\u0061 \\u0065 é"}})
    parts = [json.dumps(one).encode() for one in [make_event(2)] * 200 + [wordy] * 2]
    body = b"[" + b",".join(parts) + b"]"
    assert split_ordinary(body, 1_000) == split_ordinary(body, 300) == parts
    assert split_ordinary(body, 202) is None
    assert read_events(BATCH, body, 202) == parts


VALUES: list[Any] = [
    "",
    " ",
    "a",
    "a:b",
    "1.0",
    "2026-02-29T10:00:00Z",
    "2028-02-29T10:00:00Z",
    "2026-11-01 10:00:00Z",
    "event.withdrawn",
    "2026-11-31T00:00:00Z",
    "2026-11-01T24:00:00Z",
    "1899-12-31T00:00:00Z",
    "2026-11-01T10:00:60Z",
    "2026-11-01T10:00:00",
    "1900-01-01T00:00:00+12:00",
    "2299-12-31T23:59:59-12:00",
    "2026-11-01T10:00:00+99:99",
    "2026-11-01T10:00:00+23:60",
    "12,50",
    "1e5",
    "-5",
    ".5",
    "5.",
    "٣",
    "NaN",
    "1_0",
    "9" * 15,
    "9" * 16,
    "9" * 17,
    "failure",
    "success",
    "maybe",
    0,
    1,
    -1,
    1.5,
    1e15,
    1e16,
    10**16,
    10**40,
    True,
    False,
    None,
    [],
    {},
    [1],
    {"a": 1},
    [{}],
    [{"type": "a", "id": "1"}],
    [{"type": "a:b", "id": "1"}],
    [{"type": "a", "id": 0}],
    [{"type": "a", "id": True}],
    [{"type": "a", "id": "1", "system": "x:y"}],
    [{"type": "a", "id": "1", "system": 5}],
    [{"from": {"type": "a", "id": "1"}}],
    [{"object": {"type": "a", "id": "1"}, "amount": None}],
    [{"object": {"type": "a", "id": "1"}, "amount": "1"}],
    [{"object": {"type": "a:", "id": "1"}, "amount": "1"}],
    [{"from": {"type": "a", "id": "1"}, "to": {"type": "b", "id": "1", "system": "c:"}}],
]
OUTER = [
    "specversion", "id", "source", "type", "time", "subject", "datacontenttype", "dataschema", "correlationid",
    "traceparent", "sequence", "data", "data_base64", "other",
]  # fmt: skip
INNER = ["objects", "relations", "lines", "amount", "attributes", "outcome", "system", "other"]


@pytest.mark.parametrize("name", [*OUTER, *(f"data.{name}" for name in INNER)])
def test_what_the_rules_refuse_is_never_ordinary(name: str) -> None:
    for value in VALUES:
        event = json.loads(json.dumps(make_event()))
        (event["data"] if name.startswith("data.") else event)[name.removeprefix("data.")] = value
        body = json.dumps([event], ensure_ascii=False).encode()
        assert split_ordinary(body, 10) in (None, read_by_rules(body)), (name, value)


@given(broken(BODY))
def test_broken_batches_are_answered_alike(body: bytes) -> None:
    assert split_ordinary(body, 100) in (None, read_by_rules(body))


@given(
    st.sampled_from([b"NaN", b"1" * 5000, b'"\\ud800"', b'"\xff"', b"1e999", b'"\x01"', b"[" * 100_000]), st.booleans()
)
def test_what_is_passed_over_is_still_json(value: bytes, is_long: bool) -> None:
    padding = b"x" * 5000 * is_long
    body = (
        json.dumps([make_event(), make_event(other="?")])
        .encode()
        .replace(b'"?"', b'["' + padding + b'",' + value + b"]")
    )
    try:
        found = read_events(BATCH, body, 10)
    except Refusal:
        found = None
    assert found == read_by_rules(body)
