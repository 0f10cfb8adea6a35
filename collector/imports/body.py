"""Writes records of a log as raw records: an object as its declaration, an event as the CloudEvent it stands for."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from billtrail.errors import PayloadError
from collector.imports import convention
from collector.imports.convention import UNKNOWN_TYPE
from collector.imports.index import ObjectIndex, Place
from collector.imports.record import Counted, Dated, LoggedEvent, LoggedObject, Reference, Value
from collector.imports.scan import find_place, plain
from collector.imports.value import EPOCH, PRECISE_TIME, fold_values, write_values

Body = dict[str, Any]

_MILLISECONDS = len("2026-11-01T10:00:00.000Z")


@dataclass(slots=True)
class Counts:
    """How many records were written, and how many references they hold."""

    events: int = 0
    objects: int = 0
    event_relations: int = 0
    object_relations: int = 0
    events_without_time: int = 0


class BodyWriter:
    """Writes the records of one log. What refers to nothing is noted in `dangling`."""

    def __init__(self, index: ObjectIndex, system: str) -> None:
        self.counts = Counts()
        self.dangling = Counted()
        self.dangling_from_events = 0
        self._index, self._system = index, system

    def write_object(self, one: LoggedObject) -> Iterator[bytes]:
        """None for an object that was only named by events, in a log of ours; several where several declared it."""
        self.counts.objects += 1
        self.counts.object_relations += len(one.references)
        own = {value.name: value.value.text for value in one.values if value.name.startswith(convention.OWN)}
        if convention.SYSTEM in own and convention.SOURCE not in own:
            return
        yield self.write_declaration(one)
        place = find_place(one, self._system)._asdict()
        for told in _read_json(own.get(convention.ALSO, "[]"), convention.ALSO, one.id):
            yield _encode({**place, **{name: told[name] for name in ("source", "attributes", "relations")}})

    def write_declaration(self, one: LoggedObject) -> bytes:
        place = find_place(one, self._system)
        own = {value.name: value.value.text for value in one.values if value.name.startswith(convention.OWN)}
        values = [value for value in one.values if value.name not in _OBJECT_FIELDS]
        values += _read_more(own.get(convention.MORE, ""), one.id)
        if plain(one.type) != one.type:
            values.append(
                Dated(convention.ORIGINAL_TYPE, min((value.at for value in values), default=EPOCH), Value(one.type))
            )
        return _encode(
            {
                "source": own.get(convention.SOURCE, f"/{self._system}"),
                **place._asdict(),
                "attributes": fold_values(values),
                "relations": [
                    {"to": target._asdict(), "qualifier": reference.qualifier}
                    for reference, target in self._targets(one.references, place.system, f"object {one.type}", one.id)
                ],
            }
        )

    def write_event(self, one: LoggedEvent) -> bytes:
        self.counts.events += 1
        if one.body:
            return one.body
        self.counts.event_relations += len(one.references)
        self.counts.events_without_time += not one.time
        own = {name: value.text for name, value in one.attributes.items() if name.startswith(convention.OWN)}
        values = {name: value for name, value in one.attributes.items() if name not in _EVENT_FIELDS}
        values |= {value.name: value.value for value in _read_more(own.get(convention.MORE, ""), one.id)}
        if len(one.time) > _MILLISECONDS:
            values[PRECISE_TIME] = Value(one.time)
        source, system = own.get(convention.SOURCE, f"/{self._system}"), own.get(convention.SYSTEM, self._system)
        before = self.dangling.count
        objects = [
            {**target._asdict(), "qualifier": reference.qualifier}
            for reference, target in self._targets(one.references, system, f"event {one.type}", one.id)
        ]
        self.dangling_from_events += self.dangling.count - before
        id = one.id.removeprefix(convention.full_event_id(source, "")) if convention.SOURCE in own else one.id
        return _encode(
            {"specversion": "1.0", "id": id, "source": source, "type": one.type}
            | ({"time": one.time} if one.time else {})
            | _read_context(own)
            | {
                "data": {
                    "system": system,
                    "objects": objects,
                    "attributes": write_values(values),
                    **_read_data(own, one.id),
                }
            }
        )

    def _targets(
        self, references: Iterable[Reference], system: str, kind: str, id: str
    ) -> Iterator[tuple[Reference, Place]]:
        what = kind.partition(" ")[0]
        for reference in references:
            if reference.type:
                yield reference, Place(plain(reference.type), self._system, reference.object_id)
                continue
            place = self._index.find(reference.object_id)
            if place is None:
                self._index.note_missing(reference.object_id)
                self.dangling.note(
                    f"{kind} as {reference.qualifier!r}", f"{what} {id}: no object {reference.object_id!r}"
                )
                place = Place(UNKNOWN_TYPE, system, reference.object_id)
            yield reference, place


def _read_context(own: dict[str, str]) -> Body:
    context = {}
    if convention.CORRELATION_ID in own:
        context["correlationid"] = own[convention.CORRELATION_ID]
    if convention.TRACE_ID in own:
        context["traceparent"] = f"00-{own[convention.TRACE_ID]}-{convention.NO_PARENT_SPAN}-01"
    if convention.SEQUENCE in own:
        context["sequence"] = own[convention.SEQUENCE]
    return context


def _read_data(own: dict[str, str], id: str) -> Body:
    data: Body = {name: own[convention.OWN + name] for name in convention.FIELDS if convention.OWN + name in own}
    if convention.AMOUNT in own:
        data["amount"] = own[convention.AMOUNT]
    for name, word in ((convention.LINES, "lines"), (convention.RELATIONS, "relations")):
        if name in own:
            data[word] = _read_json(own[name], name, id)
    return data


def _read_more(text: str, id: str) -> list[Dated]:
    if not text:
        return []
    try:
        return [Dated(name, at, Value(value, kind)) for name, at, kind, value in _read_json(text, convention.MORE, id)]
    except (TypeError, ValueError) as error:
        raise PayloadError(f"{id}: {convention.MORE}: expected a list of values") from error


def _read_json(text: str, name: str, id: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise PayloadError(f"{id}: {name}: not JSON: {error}", where=name) from error


def _encode(body: Body) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise PayloadError(f"{body['type']} {body['id']!a}: a text in it is no Unicode: {error.reason}") from error


_OBJECT_FIELDS = {convention.SYSTEM, convention.SOURCE, convention.MORE, convention.ALSO}
_EVENT_FIELDS = {
    *(convention.SYSTEM, convention.SOURCE, convention.MORE, convention.CORRELATION_ID, convention.TRACE_ID),
    *(convention.SEQUENCE, convention.AMOUNT, convention.LINES, convention.RELATIONS),
    *(convention.OWN + name for name in convention.FIELDS),
}
