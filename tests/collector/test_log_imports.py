"""Reading logs of every kind: what is in them, what is wrong with them, and how much memory that takes."""
# ruff: noqa: E501  (documents are shown as they are)

import gzip
import json
import sqlite3
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billtrail.clock import SystemClock
from billtrail.errors import BilltrailError, PayloadError, SettingsError, StoreError
from collector.imports import Manner, import_log, open_log
from collector.imports.body import BodyWriter
from collector.imports.record import Dated, Value
from collector.imports.scan import Scan
from collector.imports.value import EPOCH, fold_values, read_value, unfold_values
from collector.journal import Journal, JournalLimits

REFERENCE = Path(__file__).parents[3] / "shared" / "logs"

OCEL_XML = """<log>
  <object-types><object-type name="order"><attributes><attribute name="price" type="float"/></attributes></object-type></object-types>
  <event-types><event-type name="place"><attributes/></event-type></event-types>
  <objects><object id="o1" type="order">
    <attributes><attribute name="price" time="1970-01-01T00:00:00Z">10</attribute><attribute name="price" time="2023-01-01T00:00:00Z">12.50</attribute></attributes>
    <objects><relationship object-id="o1" qualifier="itself"/></objects>
  </object></objects>
  <events><event id="e1" type="place" time="2023-01-01T00:00:00"><attributes/><objects><relationship object-id="o1" qualifier="a"/><object object-id="o1" qualifier="b"/></objects></event></events>
</log>"""
XES = """<log xmlns="http://www.xes-standard.org/">
  <string key="creator" value="me"/>
  <trace><string key="concept:name" value="case 1"/><float key="cost" value="10"/>
    <event><string key="concept:name" value="a"/><date key="time:timestamp" value="2020-01-01T00:00:00.000+01:00"/>
      <string key="org:resource" value="Ann"/><string key="lifecycle:transition" value="start"/>
      <list key="more"><values><int key="n" value="007"/><int key="n" value="8"/></values></list></event>
  </trace>
  <trace><string key="concept:name" value="case 1"/>
    <event><string key="concept:name" value="b"/><date key="time:timestamp" value="2020-01-01T00:00:00"/></event></trace>
</log>"""
CSV = "order;step;at;clerk;bill;note\n1;place;2020-01-01 10:00;Ann;;x;\n".replace("x;\n", "x\n") + (
    '1;"pay; now";2020-01-02 10:00;;B-1;\n2;place;2020-01-03 10:00;Bob;B-2;"two\nlines"\n'
)
MAP = "case=order,activity=step,time=at,resource=clerk,object.invoice=bill"
EVENT = {"specversion": "1.0", "id": "1", "source": "/crm", "type": "contract.signed"}


def write(folder: Path, text: str | bytes, name: str = "log") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path, **manner: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every raw record an import of a file would write."""
    log = open_log(path, Manner(**manner))
    scan = Scan(log, "s")
    bodies = BodyWriter(scan.index, "s")
    objects = [json.loads(body) for one in log.objects() for body in bodies.write_object(one)]
    return objects, [json.loads(bodies.write_event(one)) for one in log.events()]


def named(event: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["type"], one["id"], one["qualifier"]) for one in event["data"]["objects"]]


def test_xml_has_histories_and_both_words_for_a_reference(tmp_path: Path) -> None:
    [order], [event] = read(write(tmp_path, OCEL_XML))
    assert order["attributes"] == {
        "price": "12.5",
        "price@1970-01-01T00:00:00.000Z": "10.0",
        "price@2023-01-01T00:00:00.000Z": "12.5",
        "billtrail.types": '{"price": "float"}',
    }
    assert order["relations"] == [{"to": {"type": "order", "system": "s", "id": "o1"}, "qualifier": "itself"}]
    assert (event["time"], named(event)) == ("2023-01-01T00:00:00.000Z", [("order", "o1", "a"), ("order", "o1", "b")])


def test_instants_without_a_zone_are_in_the_one_that_is_named(tmp_path: Path) -> None:
    _, [event] = read(write(tmp_path, OCEL_XML), zone="Europe/Berlin")
    assert event["time"] == "2022-12-31T23:00:00.000Z"


def test_a_trace_is_an_object_and_its_events_are_of_it(tmp_path: Path) -> None:
    for data in (XES.encode(), gzip.compress(XES.encode())):
        path = write(tmp_path, data)
        objects, events = read(path, object_type="claim")
        assert [(one["type"], one["id"]) for one in objects] == [("claim", "case 1"), ("claim", "case 1#2")]
        assert objects[0]["attributes"] == {"cost": "10.0", "billtrail.types": '{"cost": "float"}'}
        assert [(one["id"], one["type"], one["time"]) for one in events] == [
            ("case 1/1", "a", "2019-12-31T23:00:00.000Z"),
            ("case 1#2/1", "b", "2020-01-01T00:00:00.000Z"),
        ]
        assert named(events[0]) == [("claim", "case 1", "subject"), ("resource", "Ann", "reference")]
        assert events[0]["data"]["attributes"] == {
            "org:resource": "Ann",
            "lifecycle:transition": "start",
            "more/n": "7",
            "more/n#2": "8",
            "billtrail.types": '{"more/n": "integer", "more/n#2": "integer"}',
        }
        assert open_log(path).attributes == {"creator": Value("me")}


def test_a_table_is_read_by_what_its_columns_mean(tmp_path: Path) -> None:
    objects, events = read(write(tmp_path, "\ufeff" + CSV), map=MAP, object_type="order")
    assert objects == []
    assert [(one["id"], one["type"], one["time"]) for one in events] == [
        ("1/1", "place", "2020-01-01T10:00:00.000Z"),
        ("1/2", "pay; now", "2020-01-02T10:00:00.000Z"),
        ("2/1", "place", "2020-01-03T10:00:00.000Z"),
    ]
    assert named(events[2]) == [("order", "2", "subject"), ("invoice", "B-2", ""), ("resource", "Bob", "reference")]
    assert [one["data"]["attributes"] for one in events] == [{"note": "x"}, {}, {"note": "two\nlines"}]


def test_times_of_a_table_in_their_own_way(tmp_path: Path) -> None:
    table = write(tmp_path, "c,a,t\n1,x,03.04.2020 10:00\n")
    words = {"map": "case=c,activity=a,time=t", "time_format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"}
    assert read(table, **words)[1][0]["time"] == "2020-04-03T08:00:00.000Z"


def test_lines_are_kept_as_they_are(tmp_path: Path) -> None:
    line = '{"specversion":"1.0","id":"1",  "source":"/crm","type":"x","data":{"amount":1.10}}'
    log = open_log(write(tmp_path, f"\n{line}\n\n"))
    assert [one.body for one in log.events()] == [line.encode()]


def test_a_type_with_a_colon_keeps_its_name(tmp_path: Path) -> None:
    log = {
        "ocel:global-log": {"ocel:version": "1.0"},
        "ocel:events": {"e": {"ocel:activity": "a", "ocel:timestamp": "2020-01-01T00:00:00", "ocel:omap": ["o"],
                              "ocel:vmap": {"n": 1, "none": None}}},
        "ocel:objects": {"o": {"ocel:type": "a:b", "ocel:ovmap": {"x": 1.50}}},
    }  # fmt: skip
    [one], [event] = read(write(tmp_path, json.dumps(log)))
    assert (one["type"], one["attributes"]) == (
        "a_b",
        {"x": "1.5", "billtrail.type": "a:b", "billtrail.types": '{"x": "float"}'},
    )
    assert (named(event), event["data"]["attributes"]["n"]) == ([("a_b", "o", "")], "1")


XML_BOMB = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log><objects/><events>&b;</events></log>'
XML_FILE = '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log><trace>&a;</trace></log>'
BAD = {
    "empty": ("", "it is empty"),
    "not a log at all": ("hello", "expected an OCEL 2.0 log"),
    "XML of something else": ("<html/>", "expected an OCEL 2.0 log"),
    "XML that expands": (XML_BOMB, "a document type or an entity, which are refused"),
    "XML that reads files": (XML_FILE, "a document type or an entity, which are refused"),
    "XML that expands later": ("<log><objects/>" + XML_BOMB, "line 1, column 18: not XML: not well-formed"),
    "XML that ends early": (OCEL_XML[:-20], "line 8, column 180: not XML: unclosed token"),
    "an object without a type": (OCEL_XML.replace('type="order"', ""), "objects[0]: <object>: expected the attribute type"),
    "an event with no instant": (OCEL_XML.replace("2023-01-01T00:00:00\"", "soon\""), "events[0].time: expected an instant such as 2026-11-01T10:00:00Z, got 'soon'"),
    "JSON that ends early": ('{"objectTypes":[],\n"eventTypes":[],\n"objects":[{"id"', "line 3: "),
    "JSON with a comma too many": ('{"objectTypes":[],\n"events":[{}\n{}]}', "line 3: expected ',' or ']', got '{}]}'"),
    "JSON that goes on": ('{"objectTypes":[]} x', "line 1: expected the end of the file, got 'x'"),
    "JSON in Latin-1": (b'{"objectTypes":["\xe4"]}', "not UTF-8"),
    "half a surrogate": ('{"objectTypes":[],"eventTypes":[],"objects":[{"id":"\\ud800","type":"a"}],"events":[]}', "is no Unicode"),
    "a trace without a name": (XES.replace('<string key="concept:name" value="case 1"/><float', "<float"), "trace 1: expected concept:name, got none"),
    "an event without a time": (XES.replace("time:timestamp", "time"), "trace 'case 1', event 1: expected time:timestamp, got none"),
    "a line that is no JSON": (json.dumps(EVENT) + "\n{\n", "line 2: "),
    "a line without a type": (json.dumps(EVENT) + "\n" + json.dumps({**EVENT, "type": ""}), "line 2: type: required"),
    "a damaged archive": (gzip.compress(XES.encode())[:-50], "a damaged gzip file"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BAD)
def test_a_mistake_is_told_with_its_place_before_anything_is_written(tmp_path: Path, mistake: str) -> None:
    text, told = BAD[mistake]
    journal = Journal(tmp_path / "events", JournalLimits(segment_seconds=60))
    journal.start()
    try:
        with pytest.raises(PayloadError) as caught:
            import_log(open_log(write(tmp_path, text)), journal, SystemClock())
        assert told in str(caught.value)
        assert journal.waiting_bytes == 0
    finally:
        journal.stop()


@pytest.mark.parametrize(
    ("table", "words", "told"),
    [
        (CSV, {"map": "case=order,activity=step"}, "--map: time missing"),
        (CSV, {"map": "case=order,activty=step,time=at"}, "--map: 'activty=step': expected case, activity"),
        (CSV, {"map": "case=order,activity=step,time=when"}, "line 1: no column 'when' (time); there are order, step"),
        (CSV, {"map": MAP, "zone": "Mars/Base"}, "--zone: unknown time zone 'Mars/Base'"),
        (CSV, {"map": MAP, "time_format": "%d.%m.%Y"}, "line 2: column 'at': expected '%d.%m.%Y', got '2020-01-01 10:00'"),
        (CSV.replace("2020-01-02 10:00", "2020-13-02"), {"map": MAP}, "line 3: column 'at': expected an instant"),
        (CSV.replace("\n2;place", "\n;place"), {"map": MAP}, "line 5: column 'order': expected a value (case), got nothing"),
        (CSV.replace("B-1;", "B-1;;"), {"map": MAP}, "line 3: expected 6 columns, got 7"),
        (CSV.replace('lines"', "lines"), {"map": MAP}, "not CSV: unexpected end of data"),
        (CSV.replace("note", "bill"), {"map": MAP}, "line 1: two columns with one name: bill"),
        (CSV.encode() + b"3;\xe4;2020-01-01;;;\n", {"map": MAP}, "line 6: not UTF-8"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_table_is_told_with_its_line(
    tmp_path: Path, table: str | bytes, words: dict[str, str], told: str
) -> None:
    with pytest.raises((PayloadError, SettingsError)) as caught:
        read(write(tmp_path, table), **words)
    assert told in str(caught.value)


def test_what_a_log_says_twice_or_of_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("""
        CREATE TABLE event_map_type (ocel_type, ocel_type_map); CREATE TABLE object_map_type (ocel_type, ocel_type_map);
        CREATE TABLE event (ocel_id, ocel_type); CREATE TABLE object (ocel_id, ocel_type);
        CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);
        CREATE TABLE object_object (ocel_source_id, ocel_target_id, ocel_qualifier);
        CREATE TABLE event_A (ocel_id, ocel_time); CREATE TABLE object_O (ocel_id, ocel_time, n, ocel_changed_field);
        INSERT INTO event_map_type VALUES ('a', 'A'); INSERT INTO object_map_type VALUES ('o', 'O');
        INSERT INTO event VALUES ('e1', 'a'), ('e2', 'a'), ('e2', 'a'); INSERT INTO object VALUES (1, 'o');
        INSERT INTO event_A VALUES ('e1', '2020-01-01'), ('e0', '2020-01-01'), ('e9', '2020-01-01');
        INSERT INTO object_O VALUES (1, '1970-01-01', 5, NULL), (1, '2020-01-01', NULL, 'n');
        INSERT INTO event_object VALUES ('e1', 1, 'b'), ('e1', 1, 'a'), ('e1', 1, 'a'), ('e5', 1, 'x'), ('e1', 7, 'y');
    """)
    connection.close()
    log = open_log(path)
    Scan(log, "s").close()
    assert dict(log.strays.kinds) == {"event a": 2, "event twice": 1, "event_object": 1}
    assert "event_object: no event 'e5'" in log.strays.first
    [one], [event, timeless] = read(path)
    assert named(event) == [("o", "1", "b"), ("o", "1", "a"), ("o", "1", "a"), ("unknown", "7", "y")]
    assert "time" not in timeless
    assert {name: value for name, value in one["attributes"].items() if "@" in name} == {
        "n@1970-01-01T00:00:00.000Z": "5",
        "n@2020-01-01T00:00:00.000Z": "",
    }


def test_when_the_journal_refuses_it_is_said_how_much_is_in(tmp_path: Path) -> None:
    lines = "".join(json.dumps({**EVENT, "id": str(number)}) + "\n" for number in range(600))
    journal = Journal(tmp_path / "events", JournalLimits(segment_seconds=60, max_bytes=45_000))
    journal.start()
    try:
        with pytest.raises(StoreError, match="500 records of the log are in, the others are not") as caught:
            import_log(open_log(write(tmp_path, lines)), journal, SystemClock())
        assert caught.value.hint
    finally:
        journal.stop()


@pytest.mark.parametrize("kind", ["json", "xml", "sqlite"])
def test_a_large_log_takes_little_memory(tmp_path: Path, kind: str) -> None:
    count, text = 10_000, "x" * 1_000
    path = tmp_path / f"log.{kind}"
    if kind == "json":
        events = ",".join(
            json.dumps({"id": f"e{n}", "type": "a", "time": "2020-01-01", "attributes": [{"name": "t", "value": text}]})
            for n in range(count)
        )
        path.write_text(f'{{"objectTypes":[],"eventTypes":[],"objects":[],"events":[{events}]}}', encoding="utf-8")
    elif kind == "xml":
        event = f'<attributes><attribute name="t">{text}</attribute></attributes>'
        events = "".join(f'<event id="e{n}" type="a" time="2020-01-01">{event}</event>' for n in range(count))
        path.write_text(f"<log><objects/><events>{events}</events></log>", encoding="utf-8")
    else:
        connection = sqlite3.connect(path)
        connection.executescript("""
            CREATE TABLE event_map_type (ocel_type, ocel_type_map); INSERT INTO event_map_type VALUES ('a', 'A');
            CREATE TABLE object_map_type (ocel_type, ocel_type_map); CREATE TABLE event (ocel_id, ocel_type);
            CREATE TABLE object (ocel_id, ocel_type); CREATE TABLE event_A (ocel_id, ocel_time, t);
            CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);
            CREATE TABLE object_object (ocel_source_id, ocel_target_id, ocel_qualifier);
        """)
        connection.executemany("INSERT INTO event VALUES (?, 'a')", ((f"e{n}",) for n in range(count)))
        connection.executemany(
            "INSERT INTO event_A VALUES (?, '2020-01-01', ?)", ((f"e{n}", text) for n in range(count))
        )
        connection.commit()
        connection.close()
    assert path.stat().st_size > 10_000_000
    tracemalloc.start()
    try:
        scan = Scan(open_log(path), "s")
        assert tracemalloc.get_traced_memory()[1] < 7_000_000
    finally:
        tracemalloc.stop()
    assert scan.event_count == count
    scan.close()


values = st.builds(
    read_value,
    st.one_of(st.text(max_size=5), st.integers().map(str), st.floats(allow_nan=False).map(repr), st.just("2020-01-01")),
    st.sampled_from(["string", "integer", "float", "boolean", "time"]),
)
instants = st.sampled_from(
    [EPOCH, "1970-01-01T01:00:00.000Z", "2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000001Z"]
)
names = st.sampled_from(["a", "b", "a@2020-01-01T00:00:00.000Z", "a@b"])


@given(st.dictionaries(st.tuples(names, instants), values, max_size=8))
def test_histories_of_values_are_kept(history: dict[tuple[str, str], Value]) -> None:
    dated = sorted(Dated(name, at, value) for (name, at), value in history.items())
    assert list(unfold_values(fold_values(dated))) == dated


@given(values)
def test_a_value_has_one_spelling(value: Value) -> None:
    assert read_value(value.text, value.type) == value


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
@pytest.mark.parametrize(
    ("name", "events", "objects"),
    [
        ("ocel/github-history.ocel1.json", 1_798, 532),
        ("ocel/ocel20_example.xmlocel", 13, 9),
        ("xes/08_receipt.xes.gz", 8_577, 1_434),
        ("xes/running-example.xes", 42, 6),
    ],
)
def test_logs_of_others_are_read_to_the_record(name: str, events: int, objects: int) -> None:
    scan = Scan(open_log(REFERENCE / name), "s")
    assert (scan.event_count, scan.object_count) == (events, objects)
    scan.close()


def test_no_word_of_a_fault_is_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(BilltrailError, match="cannot be read"):
        open_log(tmp_path / "nothing")
