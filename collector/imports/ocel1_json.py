"""OCEL 1.0 in JSON, read only. Its objects have no history and its relations no qualifiers."""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

from billtrail.errors import PayloadError
from collector.imports.file import reading
from collector.imports.json_stream import Element, read_sections
from collector.imports.ocel_json import read_json, read_text, show
from collector.imports.record import Counted, Dated, LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.value import EPOCH, read_instant


class Json1Log:
    """A log in a file that is read anew each time."""

    format = "ocel1-json"

    def __init__(self, path: Path, zone: tzinfo) -> None:
        self.name = path.name.removesuffix(".gz").removesuffix(".json").removesuffix(".ocel1")
        self.attributes: dict[str, Value] = {}
        self.strays = Counted()
        self.object_types: Schema = {}
        self.event_types: Schema = {}
        self._path, self._zone = path, zone

    def objects(self) -> Iterator[LoggedObject]:
        for id, one, where in self._elements("ocel:objects"):
            values = _read_map(one, "ocel:ovmap", where)
            dated = (Dated(name, EPOCH, read_json(value, "", self._zone)) for name, value in values.items())
            yield LoggedObject(id, read_text(one, "ocel:type", where), tuple(dated), ())

    def events(self) -> Iterator[LoggedEvent]:
        for id, one, where in self._elements("ocel:events"):
            named = one.get("ocel:omap") if isinstance(one, dict) else None
            if not isinstance(named, list):
                raise PayloadError(
                    f"{where}.ocel:omap: expected a list of objects, got {show(named)[:40]!r}", where=where
                )
            yield LoggedEvent(
                id,
                read_text(one, "ocel:activity", where),
                read_instant(read_text(one, "ocel:timestamp", where), f"{where}.ocel:timestamp", self._zone),
                {
                    name: read_json(value, "", self._zone)
                    for name, value in _read_map(one, "ocel:vmap", where).items()
                    if value is not None
                },
                tuple(Reference(show(id), "") for id in named),
            )

    def _elements(self, section: str) -> Iterator[tuple[str, Any, str]]:
        with reading(self._path):
            for one in read_sections(self._path):
                if isinstance(one, Element) and one.section == section:
                    yield str(one.key), one.value, f"{section}[{str(one.key)[:40]!r}]"


def _read_map(one: Any, name: str, where: str) -> dict[str, Any]:
    value = one.get(name) if isinstance(one, dict) else None
    if value is not None and not isinstance(value, dict):
        raise PayloadError(f"{where}.{name}: expected an object, got {show(value)[:40]!r}", where=f"{where}.{name}")
    return value or {}
