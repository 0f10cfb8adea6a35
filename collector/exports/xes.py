"""Writes XES (IEEE 1849), a trace a lifecycle. An event that belongs to two lifecycles is in both traces; what belongs
to none is in no trace. The transition is the one an event tells itself, else `complete`; the resource likewise, else
its owner.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from billtrail.store import Row, Store
from collector.exports.canonical import ROOM
from collector.exports.choice import Choice
from collector.exports.logged import has_amount, write_instant
from collector.exports.ocel_xml import is_unwritable, write_tag
from collector.imports.record import Value
from collector.imports.value import BOOLEAN, FLOAT, INTEGER, TIME, read_values
from collector.imports.xes import NAME, RESOURCE, TRANSITION
from collector.imports.xes import TIME as TIMESTAMP

_PAGE = 500
_WORDS = {"string": "string", TIME: "date", INTEGER: "int", FLOAT: "float", BOOLEAN: "boolean"}
_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
_OF_LIFECYCLE = ("kind", "root_key", "journey", "client", "region", "legal_entity", "billing_model", "owner",
                 "currency", "stage", "state")  # fmt: skip
_OF_EVENT = ("source", "event_id", "system", "object_key", "milestone", "outcome", "error_category", "currency")
_GLOBALS = f"""\
  <global scope="trace">
    <string key="{NAME}" value=""/>
  </global>
  <global scope="event">
    <string key="{NAME}" value=""/>
    <date key="{TIMESTAMP}" value="1970-01-01T00:00:00.000Z"/>
    <string key="{TRANSITION}" value="complete"/>
  </global>
  <classifier name="activity" keys="{NAME}"/>
"""


def write_traces(path: Path, store: Store, choice: Choice, note: Callable[[int], None]) -> tuple[int, int]:
    """Write the traces of the lifecycles chosen; `note` hears how many there are so far. Answers traces and events."""
    traces = events = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">\n')
        for name, prefix in _EXTENSIONS:
            uri = f"http://www.xes-standard.org/{prefix}.xesext"
            file.write(f"  {write_tag('extension', '/', name=name, prefix=prefix, uri=uri)}\n")
        file.write(_GLOBALS)
        for lifecycle, rows in _read_traces(store, choice):
            if not rows and choice.since:
                continue
            file.write(f"  <trace>\n{_write_lifecycle(lifecycle)}")
            file.writelines(_write_event(row) for row in rows)
            file.write("  </trace>\n")
            traces, events = traces + 1, events + len(rows)
            note(traces)
        file.write("</log>\n")
    return traces, events


def _read_traces(store: Store, choice: Choice) -> Iterator[tuple[Row, list[Row]]]:
    wanted = {"journey": choice.params["journey"], "lifecycles": choice.params["lifecycles"]}
    after = ""
    while page := store.rows(ROOM, "page_lifecycles", {**wanted, "after": after, "limit": _PAGE}):
        ids = [row["lifecycle_id"] for row in page]
        found = store.rows(ROOM, "read_lifecycle_events", {"lifecycles": ids, "since": choice.params["since"]})
        events = {id: list(rows) for id, rows in groupby(found, key=lambda row: row["lifecycle_id"])}
        for row in page:
            yield row, events.get(row["lifecycle_id"], [])
        after = ids[-1]


def _write_lifecycle(row: Row) -> str:
    values = {NAME: Value(row["lifecycle_id"])}
    values |= {f"billtrail.{name}": Value(row[name]) for name in _OF_LIFECYCLE if row[name]}
    if has_amount(row["contract_value"]):
        values["billtrail.contract_value"] = Value(row["contract_value"], FLOAT)
    return _write_values(values, "    ")


def _write_event(row: Row) -> str:
    told = dict(read_values(row["attributes"]))
    resource = told.pop(RESOURCE, Value(row["owner"]))
    values = {
        NAME: Value(row["event_type"]),
        TIMESTAMP: Value(write_instant(row["occurred_at"]), TIME),
        TRANSITION: told.pop(TRANSITION, Value("complete")),
        **({RESOURCE: resource} if resource.text else {}),
        **{f"billtrail.{name}": Value(row[name]) for name in _OF_EVENT if row[name]},
        **({"billtrail.amount": Value(row["amount"], FLOAT)} if has_amount(row["amount"]) else {}),
    }
    values |= {name: told[name] for name in sorted(told) if name not in values}
    return f"    <event>\n{_write_values(values, '      ')}    </event>\n"


def _write_values(values: dict[str, Value], indent: str) -> str:
    return "".join(f"{indent}{_write_value(name, value)}\n" for name, value in values.items())


def _write_value(name: str, value: Value) -> str:
    return write_tag(_WORDS[value.type], "/", key=_clean(name), value=_clean(value.text))


def _clean(text: str) -> Any:
    """What XML cannot hold becomes a question mark: a trace is for reading, not the way back."""
    return "".join("?" if is_unwritable(one) else one for one in text) if is_unwritable(text) else text
