"""OCEL 2.0 in XML, record by record (www.ocel-standard.org, XSD; `relationship` and `object` both name a reference)."""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from xml.etree.ElementTree import Element

from billtrail.errors import PayloadError
from collector.imports.record import Counted, Dated, LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.value import EPOCH, read_instant, read_type, read_value
from collector.imports.xml_stream import children, plain_name, read_records

_PARENTS = {"object-type": "object-types", "event-type": "event-types", "object": "objects", "event": "events"}


class XmlLog:
    """A log in a file that is read anew each time."""

    format = "ocel-xml"

    def __init__(self, path: Path, zone: tzinfo) -> None:
        self.name = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
        self.attributes: dict[str, Value] = {}
        self.strays = Counted()
        self._path, self._zone = path, zone
        self.object_types, self.event_types = self._read_types()

    def objects(self) -> Iterator[LoggedObject]:
        for where, one in self._records("object"):
            type_name = self._get(one, "type", where)
            types = self.object_types.get(type_name, {})
            yield LoggedObject(
                self._get(one, "id", where),
                type_name,
                tuple(self._read_dated(value, types, where) for value in _attributes(one)),
                self._references(one, where),
            )

    def events(self) -> Iterator[LoggedEvent]:
        for where, one in self._records("event"):
            type_name = self._get(one, "type", where)
            types = self.event_types.get(type_name, {})
            yield LoggedEvent(
                self._get(one, "id", where),
                type_name,
                read_instant(self._get(one, "time", where), f"{where}.time", self._zone),
                {
                    (name := self._get(value, "name", where)): read_value(
                        value.text or "", types.get(name) or read_type(value.get("type", "")), self._zone
                    )
                    for value in _attributes(one)
                },
                self._references(one, where),
            )

    def _read_dated(self, value: Element, types: dict[str, str], where: str) -> Dated:
        name, time = self._get(value, "name", where), value.get("time")
        at = read_instant(time, f"{where}.time", self._zone) if time else EPOCH
        own = read_type(value.get("type", ""))
        return Dated(name, at, read_value(value.text or "", types.get(name) or own, self._zone))

    def _references(self, one: Element, where: str) -> tuple[Reference, ...]:
        return tuple(
            Reference(self._get(named, "object-id", where), named.get("qualifier", ""))
            for group in children(one, "objects")
            for named in children(group, "relationship", "relobj", "object")
        )

    def _read_types(self) -> tuple[Schema, Schema]:
        found: dict[str, Schema] = {"object-type": {}, "event-type": {}}
        for record in read_records(self._path, _PARENTS):
            if record.name in found and record.parent == _PARENTS[record.name]:
                where = f"{record.parent}[{record.place}]"
                found[record.name][self._get(record.element, "name", where)] = {
                    self._get(value, "name", where): read_type(value.get("type", ""))
                    for value in _attributes(record.element)
                }
        return found["object-type"], found["event-type"]

    def _records(self, name: str) -> Iterator[tuple[str, Element]]:
        for record in read_records(self._path, _PARENTS):
            if record.name == name and record.parent == _PARENTS[name]:
                yield f"{record.parent}[{record.place}]", record.element

    def _get(self, element: Element, name: str, where: str) -> str:
        if not (value := element.get(name)):
            raise PayloadError(
                f"{self._path}: {where}: <{plain_name(element)}>: expected the attribute {name}, got none", where=where
            )
        return value


def _attributes(one: Element) -> Iterator[Element]:
    for group in children(one, "attributes"):
        yield from children(group, "attribute")
