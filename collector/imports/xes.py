"""XES (IEEE 1849): each trace becomes an object, each of its events an event of that object.

`concept:name` names the trace and the event, `time:timestamp` is when it happened, `org:resource` also an object that
is referred to. Everything else is an attribute under its key; what stands inside another attribute has both their keys.
"""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from xml.etree.ElementTree import Element

from billtrail.errors import PayloadError
from collector.imports.index import Counters
from collector.imports.record import Counted, Dated, LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.value import EPOCH, read_instant, read_value
from collector.imports.xml_stream import plain_name, read_records

NAME, TIME, RESOURCE, TRANSITION = "concept:name", "time:timestamp", "org:resource", "lifecycle:transition"
RESOURCE_TYPE = "resource"

_TYPES = {"string": "string", "date": "time", "int": "integer", "float": "float", "boolean": "boolean", "id": "string"}
_GROUPS = ("list", "container", "values")


class XesLog:
    """A log in a file, packed or not, that is read anew each time. `case_type` is what a trace is."""

    format = "xes"

    def __init__(self, path: Path, zone: tzinfo, case_type: str) -> None:
        self.name = path.name.removesuffix(".gz").removesuffix(".xes")
        self.strays = Counted()
        self.object_types: Schema = {}
        self.event_types: Schema = {}
        self._path, self._zone, self._case_type = path, zone, case_type
        self.attributes = self._read_log_attributes()

    def objects(self) -> Iterator[LoggedObject]:
        for case, trace in self._traces():
            values = self._read_attributes(trace)
            dated = (Dated(name, EPOCH, value) for name, value in values.items() if name != NAME)
            yield LoggedObject(case, self._case_type, tuple(dated), ())

    def events(self) -> Iterator[LoggedEvent]:
        for case, trace in self._traces():
            for number, one in enumerate((child for child in trace if plain_name(child) == "event"), 1):
                yield self._read_event(case, number, one)

    def _read_event(self, case: str, number: int, one: Element) -> LoggedEvent:
        where = f"trace {case!r}, event {number}"
        values = self._read_attributes(one)
        name, time = values.pop(NAME, None), values.pop(TIME, None)
        if not name or not name.text:
            raise PayloadError(f"{self._path}: {where}: expected concept:name, got none", where=where)
        if not time:
            raise PayloadError(f"{self._path}: {where}: expected time:timestamp, got none", where=where)
        references = [Reference(case, "subject", self._case_type)]
        if (resource := values.get(RESOURCE)) and resource.text:
            references.append(Reference(resource.text, "reference", RESOURCE_TYPE))
        at = read_instant(time.text, f"{self._path}: {where}: time:timestamp", self._zone)
        return LoggedEvent(f"{case}/{number}", name.text, at, values, tuple(references))

    def _traces(self) -> Iterator[tuple[str, Element]]:
        names = Counters()
        try:
            for record in read_records(self._path, ("trace",)):
                where = f"trace {record.place + 1}"
                case = next((_get(one, "value") for one in record.element if one.get("key") == NAME), "")
                if not case:
                    raise PayloadError(f"{self._path}: {where}: expected concept:name, got none", where=where)
                times = names.next(case)
                yield case if times == 1 else f"{case}#{times}", record.element
        finally:
            names.close()

    def _read_log_attributes(self) -> dict[str, Value]:
        names = [*_TYPES, *_GROUPS, "trace", "global"]
        found = (record for record in read_records(self._path, names) if record.parent == "log")
        values: dict[str, Value] = {}
        for record in found:
            if record.name not in ("trace", "global"):
                self._add(values, record.element, "")
        return values

    def _read_attributes(self, one: Element) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for child in one:
            self._add(values, child, "")
        return values

    def _add(self, values: dict[str, Value], one: Element, path: str) -> None:
        kind = plain_name(one)
        if kind not in _TYPES and kind not in _GROUPS:
            return
        key = f"{path}/{one.get('key', '')}" if path else one.get("key", "")
        if kind in _TYPES:
            taken = sum(name == key or name.startswith(f"{key}#") for name in values) if key in values else 0
            values[f"{key}#{taken + 1}" if taken else key] = read_value(_get(one, "value"), _TYPES[kind], self._zone)
        for child in one:
            self._add(values, child, path if kind == "values" else key)


def _get(element: Element, name: str) -> str:
    return element.get(name) or ""
