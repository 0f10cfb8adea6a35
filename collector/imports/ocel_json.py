"""OCEL 2.0 in JSON, element by element (www.ocel-standard.org, JSON schema)."""

import json
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

from billtrail.errors import PayloadError
from collector.imports.file import reading
from collector.imports.json_stream import Element, FloatText, IntegerText, Opened, read_sections
from collector.imports.record import Counted, Dated, LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.value import EPOCH, read_instant, read_type, read_value

_SECTIONS = ("objectTypes", "eventTypes", "objects", "events")


class JsonLog:
    """A log in a file that is read anew each time."""

    format = "ocel-json"

    def __init__(self, path: Path, zone: tzinfo) -> None:
        self.name = path.stem
        self.attributes: dict[str, Value] = {}
        self.strays = Counted()
        self._path, self._zone = path, zone
        self.object_types, self.event_types = self._read_types()

    def objects(self) -> Iterator[LoggedObject]:
        for where, one in self._elements("objects"):
            id, type_name = read_text(one, "id", where), read_text(one, "type", where)
            declared = self.object_types.get(type_name, {})
            yield LoggedObject(
                id,
                type_name,
                tuple(self._read_dated(value, declared, where) for value in _read_list(one, "attributes", where)),
                _read_references(one, where),
            )

    def events(self) -> Iterator[LoggedEvent]:
        for where, one in self._elements("events"):
            id, type_name = read_text(one, "id", where), read_text(one, "type", where)
            declared = self.event_types.get(type_name, {})
            told = [
                (read_text(value, "name", where), value.get("value"))
                for value in _read_list(one, "attributes", where)
            ]  # fmt: skip
            yield LoggedEvent(
                id,
                type_name,
                read_instant(read_text(one, "time", where), f"{where}.time", self._zone),
                {
                    name: read_json(value, declared.get(name, ""), self._zone)
                    for name, value in told
                    if value is not None
                },
                _read_references(one, where),
            )

    def _read_dated(self, value: Any, declared: dict[str, str], where: str) -> Dated:
        name = read_text(value, "name", where)
        at = read_instant(read_text(value, "time", where), where, self._zone) if value.get("time") else EPOCH
        return Dated(name, at, read_json(value.get("value"), declared.get(name, ""), self._zone))

    def _read_types(self) -> tuple[Schema, Schema]:
        found: dict[str, Schema] = {"objectTypes": {}, "eventTypes": {}}
        lists = set()
        with reading(self._path):
            for one in read_sections(self._path):
                if isinstance(one, Opened):
                    lists |= {one.section} if one.mark == "[" else set()
                elif one.section in found and isinstance(one.key, int):
                    where = f"{one.section}[{one.key}]"
                    found[one.section][read_text(one.value, "name", where)] = {
                        read_text(attribute, "name", where): read_type(show(attribute.get("type")))
                        for attribute in _read_list(one.value, "attributes", where)
                    }
        if missing := [name for name in _SECTIONS if name not in lists]:
            raise PayloadError(f"{self._path}: no OCEL 2.0 log: {', '.join(missing)} missing")
        return found["objectTypes"], found["eventTypes"]

    def _elements(self, section: str) -> Iterator[tuple[str, Any]]:
        with reading(self._path):
            for one in read_sections(self._path):
                if isinstance(one, Element) and one.section == section:
                    yield f"{section}[{one.key}]", one.value


def read_json(value: Any, declared: str, zone: tzinfo) -> Value:
    """Take a value of a JSON document as its declared type, or as what it is."""
    match value:
        case IntegerText() | FloatText():
            own = "integer" if isinstance(value, IntegerText) else "float"
            return read_value(str(value), declared if declared not in ("", "time") else own, zone)
        case bool():
            return read_value("true" if value else "false", "boolean" if declared == "" else declared, zone)
    return read_value(show(value), declared, zone)


def read_text(one: Any, name: str, where: str) -> str:
    """Read a text that must be there. Raises PayloadError."""
    value = one.get(name) if isinstance(one, dict) else None
    if not isinstance(value, str) or not value or isinstance(value, (IntegerText, FloatText)):
        got = "nothing" if value in (None, "") else show(value)[:40]
        raise PayloadError(f"{where}.{name}: expected a text that is not empty, got {got}", where=f"{where}.{name}")
    return value


def show(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read_references(one: dict[str, Any], where: str) -> tuple[Reference, ...]:
    return tuple(
        Reference(read_text(relation, "objectId", where), show(relation.get("qualifier")))
        for relation in _read_list(one, "relationships", where)
    )


def _read_list(one: Any, name: str, where: str) -> list[Any]:
    value = one.get(name) if isinstance(one, dict) else None
    if value is not None and not isinstance(value, list):
        raise PayloadError(f"{where}.{name}: expected a list, got {show(value)[:40]}", where=f"{where}.{name}")
    return value or []
