"""What is stored, as records of a log: ids as its format wants them, what OCEL has no place for under names of ours.

`collector.imports.body` is the way back.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from billtrail.store import Row
from collector.exports.canonical import Canonical, Declaration, StoredObject, as_object, split_key, write_json
from collector.imports import convention
from collector.imports.convention import full_event_id
from collector.imports.index import ObjectIndex, Place
from collector.imports.record import Dated, LoggedEvent, LoggedObject, Reference, Value
from collector.imports.value import EPOCH, FLOAT, PRECISE_TIME, read_value, read_values, unfold_values

_NOTHING = Place("", "", "")


class LoggedStore:
    """A store as a log. In an excerpt a relation to an object outside of it is left out."""

    def __init__(self, canonical: Canonical) -> None:
        self._canonical = canonical
        self._are_objects_plain = canonical.names.are_objects_plain
        self._are_events_plain = canonical.names.are_events_plain
        self._inside = None if canonical.choice.is_whole else _collect(canonical)
        self.left_out = 0

    def objects(self) -> Iterator[LoggedObject]:
        self.left_out = 0
        for one in self._canonical.objects():
            yield self._write_object(one)

    def events(self) -> Iterator[LoggedEvent]:
        for row in self._canonical.events():
            yield self._write_event(row)

    def close(self) -> None:
        if self._inside:
            self._inside.close()

    def _write_object(self, one: StoredObject) -> LoggedObject:
        system, object_type, _ = split_key(one.key)
        own = {convention.SYSTEM: system}
        values: list[Dated] = []
        links: list[tuple[str, str, str]] = []
        if one.declarations:
            first, *others = one.declarations
            own[convention.SOURCE] = first.source
            values, links = list(unfold_values(first.attributes)), list(first.links)
            if others:
                own[convention.ALSO] = write_json([_write_declaration(other) for other in others])
        object_type = next((v.value.text for v in values if v.name == convention.ORIGINAL_TYPE), object_type)
        values = [value for value in values if value.name != convention.ORIGINAL_TYPE]
        # Of the first instant there is, so that a reader does not take the object's first values for changes.
        first_at = min((value.at for value in values), default=EPOCH)
        values += [Dated(name, first_at, Value(text)) for name, text in own.items()]
        references = (Reference(self._name(link[1]), link[2]) for link in links if self._has(link[1]))
        return LoggedObject(self._name(one.key), object_type, tuple(sorted(values)), tuple(references))

    def _write_event(self, row: Row) -> LoggedEvent:
        attributes = read_values(row["attributes"])
        time = attributes.pop(PRECISE_TIME, Value(write_instant(row["occurred_at"]))).text
        attributes |= _write_own(row)
        references = (
            Reference(self._name(f"{one[1]}:{one[0]}:{one[2]}"), one[3]) for one in row["objects"]
        )  # fmt: skip
        id = row["event_id"] if self._are_events_plain else full_event_id(row["source"], row["event_id"])
        return LoggedEvent(id, row["event_type"], time, dict(sorted(attributes.items())), tuple(references))

    def _name(self, key: str) -> str:
        return split_key(key)[2] if self._are_objects_plain else key

    def _has(self, key: str) -> bool:
        is_inside = self._inside is None or self._inside.find(key) is not None
        self.left_out += not is_inside
        return is_inside


def write_instant(at: Any) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return str(at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


def write_relations(links: Any) -> list[dict[str, Any]]:
    """Relations between objects as an event tells them."""
    return [{"from": as_object(one[0]), "to": as_object(one[1]), "qualifier": one[2]} for one in links]


def write_lines(lines: Any) -> list[dict[str, Any]]:
    """How an amount is divided, as an event tells it."""
    return [{"object": as_object(one[0]), "amount": one[1]} for one in lines]


def has_amount(text: str) -> bool:
    """No amount and nothing are the same in the store."""
    return float(text) != 0


def _write_own(row: Mapping[str, Any]) -> dict[str, Value]:
    own = {convention.SOURCE: row["source"], convention.SYSTEM: row["system"]}
    own |= {
        convention.CORRELATION_ID: row["correlation_id"],
        convention.TRACE_ID: row["trace_id"],
        convention.SEQUENCE: row["sequence"],
        convention.LINES: write_json(write_lines(row["lines"])) if row["lines"] else "",
        convention.RELATIONS: write_json(write_relations(row["links"])) if row["links"] else "",
        **{convention.OWN + name: row[name] for name in convention.FIELDS if row[name] != "success"},
    }
    values = {name: Value(text) for name, text in own.items() if text}
    return values | ({convention.AMOUNT: read_value(row["amount"], FLOAT)} if has_amount(row["amount"]) else {})


def _write_declaration(one: Declaration) -> dict[str, Any]:
    relations = [{"to": as_object(link[1]), "qualifier": link[2]} for link in one.links]
    return {"source": one.source, "attributes": dict(sorted(one.attributes.items())), "relations": relations}


def _collect(canonical: Canonical) -> ObjectIndex:
    index = ObjectIndex()
    for keys in canonical.pages_of_keys():
        for key in keys:
            index.add(key, _NOTHING)
    return index
