"""CloudEvents over HTTP as the binding says: headers, formats, data, the web hook's handshake, and nonsense."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.receive.cloudevents import decode_header, read_events
from collector.receive.refusal import Refusal
from tests.collector.conftest import Running, Start, make_event

REFERENCE = Path(__file__).resolve().parents[3] / "shared"
STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
SQUEEZED = BATCH | {"content-encoding": "gzip"}
BINARY = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/psa", "ce-type": "time.approved"}


def read(headers: dict[str, str], body: bytes) -> list[dict[str, Any]]:
    return [json.loads(one) for one in read_events(headers, body, 100)]


def refuse(headers: dict[str, str], body: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_events(headers, body, 100)
    return caught.value


def find_status(headers: dict[str, str], body: bytes) -> int:
    try:
        read_events(headers, body, 100)
    except Refusal as refusal:
        return refusal.status
    return 204


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("plain", "plain"),
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ("%e2%82%ac", "€"),
        ("%41bc", "Abc"),
        ("%2541", "%41"),
        ('"quoted \\"text\\" and \\\\"', 'quoted "text" and \\'),
        ('"%41"', "A"),
    ],
)
def test_headers_are_unquoted_and_then_decoded_once(sent: str, meant: str) -> None:
    assert decode_header(sent, "ce-subject") == meant


@pytest.mark.parametrize("sent", ["%C0%A0", "%FF", "%ED%A0%80"])
def test_headers_that_are_no_utf8_are_refused(sent: str) -> None:
    with pytest.raises(Refusal):
        decode_header(sent, "ce-subject")


def test_extensions_are_kept_and_the_content_type_is_the_datas() -> None:
    headers = BINARY | {"content-type": "application/json; charset=utf-8", "ce-sequence": "0007", "ce-partner": "x"}
    [event] = read(headers, b'{"amount": "1"}')
    assert (event["sequence"], event["partner"], event["data"]) == ("0007", "x", {"amount": "1"})
    assert event["datacontenttype"] == "application/json; charset=utf-8"
    assert refuse(headers | {"ce-datacontenttype": "application/json"}, b"{}").status == 400


@pytest.mark.parametrize("kind", ["application/cloudevents+avro", "application/cloudevents-batch+protobuf"])
def test_a_format_we_cannot_read_is_unsupported(kind: str) -> None:
    assert refuse({"content-type": kind}, b"x").status == 415


def test_a_text_that_is_json_data_is_not_read_again() -> None:
    event = make_event(data='{"amount": "1"}', datacontenttype="application/json")
    assert read(STRUCTURED, json.dumps(event).encode())[0]["data"] == '{"amount": "1"}'


def test_base64_is_data_only_where_it_is_said_to_be_json() -> None:
    text = base64.b64encode(b'{"system": "psa"}').decode()
    silent = make_event(data=None, data_base64=text)
    assert read(STRUCTURED, json.dumps(silent).encode())[0]["data_base64"] == text
    said = silent | {"datacontenttype": "Application/JSON; charset=utf-8"}
    for [event] in (read(STRUCTURED, json.dumps(said).encode()), read(BATCH, json.dumps([said]).encode())):
        assert (event["data"], "data_base64" in event) == ({"system": "psa"}, False)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"data_base64": "e30="}, "data_base64"),
        ({"data": None, "data_base64": "!", "datacontenttype": "application/json"}, "data_base64"),
        ({"data": {"objects": [{"type": "a", "id": "1", "system": 5}]}}, "data.objects[0].system"),
        ({"data": None, "data_base64": "!!!"}, "data_base64"),
        ({"data": None, "data_base64": {"x": 1}}, "data_base64"),
        ({"specversion": "0.3"}, "specversion"),
        ({"data": {"amount": "1e999999999"}}, "data.amount"),
        ({"data": {"amount": "-1e999999999"}}, "data.amount"),
    ],
)
def test_the_first_fault_is_named(changes: dict[str, Any], where: str) -> None:
    refusal = refuse(STRUCTURED, json.dumps(make_event(**changes)).encode())
    assert (refusal.status, refusal.where) == (400, where)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1" * 5000])
def test_what_only_looks_like_json_is_refused(number: str) -> None:
    body = json.dumps(make_event(data={"x": "?"})).replace('"?"', number)
    assert refuse(STRUCTURED, body.encode()).status == 400


@pytest.mark.parametrize(
    "data", ['{"x": 1e400}', '{"amount": 1.10, "amount": 1.20}', ' [1e5, "\\u00e9é"]\n', "12345678901234567890"]
)
def test_data_in_binary_mode_is_kept_as_it_came(data: str) -> None:
    for body in (data.encode(), b"\xef\xbb\xbf" + data.encode()):
        [kept] = read_events(BINARY | {"content-type": "application/json"}, body, 1)
        assert kept.endswith(b'"data": ' + data.encode() + b"}")
    packed = make_event(data=None, data_base64=base64.b64encode(data.encode()).decode(), datacontenttype="text/json")
    [kept] = read_events(STRUCTURED, json.dumps(packed).encode(), 1)
    assert kept.endswith(b'"data": ' + data.encode() + b"}")
    assert "Infinity" not in json.dumps(read_events(BATCH, json.dumps([packed]).encode(), 1)[0].decode())


def test_a_number_no_attribute_can_have_is_refused_where_it_had_to_be_written_again() -> None:
    packed = make_event(data=None, data_base64="e30=", datacontenttype="text/json", huge="?")
    assert refuse(STRUCTURED, json.dumps(packed).replace('"?"', "1e400").encode()).status == 400


DECLARED = '<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00c3\u00a9</a>'


@pytest.mark.parametrize(
    ("content_type", "body", "meant"),
    [
        ("text/plain; charset=ISO-8859-1", b"\xe9", "é"),
        ('text/plain; format=flowed; charset="windows-1252"', b"\x80", "€"),
        ("application/xml; charset=utf-16", "<a>é</a>".encode("utf-16"), "<a>é</a>"),
        ("application/xml", DECLARED.encode("latin-1"), DECLARED),
        ("text/plain", "é".encode(), "é"),
        ("text/plain", b"\xe9", None),
        ("text/plain; charset=utf-8", b"\xe9", None),
        ("text/plain; charset=idna", b"xn--9ca", None),
        ("application/soap+xml", b"\xff\xfe<\x00", None),
        ("", b"hello", None),
        ("", b"\xff", None),
        ("", b'{"x": NaN}', None),
    ],
)
def test_text_is_read_in_its_character_set_and_else_kept_as_bytes(
    content_type: str, body: bytes, meant: str | None
) -> None:
    [event] = read(BINARY | ({"content-type": content_type} if content_type else {}), body)
    assert event.get("datacontenttype", "") == content_type
    assert event.get("data") == meant
    assert ("data_base64" in event and base64.b64decode(event["data_base64"])) == (body if meant is None else False)


def test_without_a_content_type_json_is_data() -> None:
    assert read(BINARY, b'{"x": 1}')[0]["data"] == {"x": 1}


@pytest.mark.parametrize("name", ["ce-data", "ce-data_base64"])
def test_data_is_no_attribute(name: str) -> None:
    refusal = refuse(BINARY | {name: "foo"}, b"")
    assert (refusal.status, refusal.where) == (400, name)


def test_half_a_surrogate_pair_is_no_fault_of_ours() -> None:
    assert read(BINARY | {"content-type": "application/json"}, b'{"x": "\\ud800"}')[0]["data"] == {"x": "\ud800"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PLACES = st.sampled_from(["id", "source", "type", "time", "subject", "data", "data_base64", "datacontenttype"])
INNER = st.sampled_from(["objects", "relations", "lines", "amount", "attributes", "outcome", "system"])


@given(st.dictionaries(PLACES, JSON, max_size=3), st.dictionaries(INNER, JSON | st.lists(st.just({})), max_size=3))
def test_nonsense_is_taken_or_refused_and_nothing_else(outer: dict[str, Any], inner: dict[str, Any]) -> None:
    event = make_event() | outer
    if isinstance(event["data"], dict):
        event["data"] = {**event["data"], **inner}
    assert find_status(STRUCTURED, json.dumps(event).encode()) in (204, 400)


@given(st.binary(max_size=80), st.sampled_from([STRUCTURED, BATCH, BINARY, BINARY | {"content-type": "text/json"}]))
def test_any_bytes_are_taken_or_refused(body: bytes, headers: dict[str, str]) -> None:
    assert find_status(headers, body) in (204, 400)


@pytest.mark.parametrize("version", ["0.3", "1.1", "2.0", 1.0])
def test_another_version_is_refused_in_every_mode(version: Any) -> None:
    body = json.dumps(make_event(specversion=version)).encode()
    for headers, sent in ((STRUCTURED, body), (BATCH, b"[" + body + b"]")):
        assert refuse(headers, sent).where.endswith("specversion")
    if isinstance(version, str):
        assert refuse(BINARY | {"ce-specversion": version}, b"").where == "specversion"


@pytest.mark.parametrize("kind", ["Application/CloudEvents+JSON; Charset=UTF-8", "application/cloudevents"])
def test_the_content_type_alone_decides_the_mode(kind: str) -> None:
    event = make_event()
    assert read(BINARY | {"content-type": kind}, json.dumps(event).encode()) == [event]


def test_an_attribute_that_is_null_is_absent() -> None:
    event = make_event() | {"subject": None, "time": None, "dataschema": None, "extension": None}
    assert read(STRUCTURED, json.dumps(event).encode()) == [event]
    assert refuse(STRUCTURED, json.dumps(event | {"source": None}).encode()).where == "source"


def test_batches_may_be_empty_large_or_squeezed_in_several_members(running: Running) -> None:
    assert running.send().status_code == 204
    assert running.client.post("/v1/events", content=gzip.compress(b" [ ] "), headers=SQUEEZED).status_code == 204
    body = json.dumps([make_event(number, subject="x" * 300) for number in range(1, 1_001)]).encode()
    assert len(body) > 1 << 19
    members = b"".join(gzip.compress(body[at : at + 200_000]) for at in range(0, len(body), 200_000))
    assert running.client.post("/v1/events", content=members, headers=SQUEEZED).status_code == 204
    broken = body.replace(b'"ev-900"', b'""')
    refused = running.client.post("/v1/events", content=broken, headers=BATCH)
    assert (refused.status_code, refused.json()["where"]) == (400, "events[899].id")
    running.drain()
    assert running.store.query("SELECT uniqExact(event_id) AS n FROM events") == [{"n": 1_000}]
    assert running.store.query("SELECT count() AS n FROM raw_events") == [{"n": 1_000}]


def test_an_origin_that_is_configured_gets_consent(start: Start) -> None:
    running = start(webhook_origins=("eventgrid.azure.net",), tokens=("secret",))
    asked = {"webhook-request-origin": "eventgrid.azure.net", "webhook-request-rate": "120"}
    answer = running.client.options("/v1/events", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "eventgrid.azure.net"
    assert (answer.headers["webhook-allowed-rate"], answer.headers["allow"]) == ("*", "OPTIONS, POST")


@pytest.mark.parametrize("origin", ["evil.example", ""])
def test_any_other_origin_gets_none(running: Running, origin: str) -> None:
    answer = running.client.options("/v1/events", headers={"webhook-request-origin": origin} if origin else {})
    assert not [name for name in answer.headers if name.startswith("webhook-")]


def test_a_token_in_the_address_is_taken_and_the_answer_is_private(start: Start) -> None:
    running = start(tokens=("secret",))
    body = json.dumps(make_event())
    answer = running.client.post("/v1/events?access_token=secret", content=body, headers=STRUCTURED)
    assert (answer.status_code, answer.headers["cache-control"]) == (204, "private")
    assert running.client.post("/v1/events?access_token=no", content=body, headers=STRUCTURED).status_code == 401


def test_a_full_journal_says_when_to_come_back(start: Start) -> None:
    answer = start(journal_max_bytes=10).send(make_event())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def _samples() -> list[Path]:
    return sorted((REFERENCE / "payloads" / "cloudevents").glob("*.json"))


@pytest.mark.reference
@pytest.mark.skipif(not _samples(), reason="no reference material beside the project")
@pytest.mark.parametrize("path", _samples(), ids=lambda path: path.stem)
def test_the_examples_of_the_specification_are_taken_as_they_are(path: Path) -> None:
    body = path.read_bytes().replace(b"... base64 encoded string ...", b"aGVsbG8=")
    document = json.loads(body)
    if isinstance(document, list):
        assert read(BATCH, body) == document
    else:
        assert read(STRUCTURED, body) == [document]
