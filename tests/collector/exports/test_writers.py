"""Whatever a log says, each encoding of OCEL holds it: written and read again, the same raw records come of it."""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.exports import ocel_json, ocel_sqlite, ocel_xml
from collector.exports.layout import Layout
from collector.imports import open_log
from collector.imports.body import BodyWriter
from collector.imports.record import Counted, Dated, Log, LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.scan import Scan
from collector.imports.value import EPOCH, read_value

# What XML cannot hold in an id, it refuses; in a value it must come through.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
ID = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=3)
NAME = st.one_of(
    st.sampled_from(["a", "A", "ocel_id", "ocel_time", "x@2020-01-01T00:00:00.000Z", "é", "É", "\x00", '"', "select"]),
    TEXT.filter(bool),
)
INSTANT = st.sampled_from(
    [EPOCH, "1970-01-01T01:00:00.000Z", "2020-01-01T00:00:00.000Z", "2021-05-05T10:00:00.123456Z"]
)
VALUE = st.builds(
    read_value,
    st.one_of(
        TEXT,
        st.integers().map(str),
        st.floats().map(repr),
        st.just("-0.0"),
        st.sampled_from(["true", "0", "", "2020-01-01"]),
    ),
    st.sampled_from(["string", "integer", "float", "boolean", "time"]),
)
TYPE = st.sampled_from(["order", "Order", "map type", "object", "a:b", "Ö", "placed order"])


def dated(history: dict[tuple[str, str], Value]) -> tuple[Dated, ...]:
    return tuple(sorted(Dated(name, at, value) for (name, at), value in history.items()))


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[LoggedObject], list[LoggedEvent]]:
    ids = draw(st.lists(ID, max_size=4, unique=True))
    references = st.lists(
        st.builds(Reference, st.sampled_from([*ids, "lost"]), ID | st.just(""), st.just("")), max_size=3
    ).map(tuple)
    histories = st.dictionaries(st.tuples(NAME, INSTANT), VALUE, max_size=4).map(dated)
    objects = [draw(st.builds(LoggedObject, st.just(id), TYPE, histories, references)) for id in ids]
    told = st.dictionaries(NAME, VALUE, max_size=4)
    names = draw(st.lists(ID, max_size=4, unique=True))
    events = [draw(st.builds(LoggedEvent, st.just(id), TYPE, INSTANT, told, references)) for id in names]
    return objects, events


@dataclass
class Memory:
    """A log that is in memory."""

    object_list: list[LoggedObject]
    event_list: list[LoggedEvent]
    name: str = "log"
    format: str = "memory"
    object_types: Schema = field(default_factory=dict)
    event_types: Schema = field(default_factory=dict)
    attributes: dict[str, Value] = field(default_factory=dict)
    strays: Counted = field(default_factory=Counted)

    def objects(self) -> Iterator[LoggedObject]:
        return iter(self.object_list)

    def events(self) -> Iterator[LoggedEvent]:
        return iter(self.event_list)


def import_bodies(log: Log) -> tuple[list[bytes], list[bytes]]:
    """The raw records of a log."""
    scan = Scan(log, "s")
    bodies = BodyWriter(scan.index, "s")
    objects = [body for one in log.objects() for body in bodies.write_object(one)]
    events = [bodies.write_event(one) for one in log.events()]
    scan.close()
    return objects, events


def settle(bodies: list[bytes]) -> list[str]:
    """Bodies with their attributes in one order, and those in one."""
    return sorted(json.dumps(json.loads(body), sort_keys=True) for body in bodies)


@pytest.mark.parametrize("writer", [ocel_json, ocel_xml, ocel_sqlite], ids=lambda one: one.__name__.rpartition(".")[2])
@settings(deadline=None, max_examples=60)
@given(told=logs())
def test_any_log_comes_back(writer: ModuleType, told: tuple[list[LoggedObject], list[LoggedEvent]]) -> None:
    names: Callable[..., set[str]] = getattr(writer, "choose_names", set)
    layout = Layout(writer.fits_not, names)
    objects, events = told
    for one in objects:
        layout.take_object(one)
    for event in events:
        layout.take_event(event)
    layout.settle()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log"
        writer.write_log(file, layout, objects, events)
        found, expected = import_bodies(open_log(file)), import_bodies(Memory(objects, events))
    assert [settle(one) for one in found] == [settle(one) for one in expected]
