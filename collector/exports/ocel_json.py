"""Writes OCEL 2.0 in JSON, a record a line. Values are texts, as the schema of the standard says; their types stand in
the head.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from collector.exports.canonical import write_json
from collector.exports.layout import Layout
from collector.imports.record import LoggedEvent, LoggedObject, Schema, Value


def fits_not(name: str, value: Value) -> bool:
    """JSON writes every text."""
    return False


def write_log(path: Path, layout: Layout, objects: Iterable[LoggedObject], events: Iterable[LoggedEvent]) -> None:
    """Write a whole log. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        sections: list[tuple[str, Iterator[Any]]] = [
            ("objectTypes", _write_types(layout.object_types)),
            ("eventTypes", _write_types(layout.event_types)),
            ("objects", (_write_object(layout, one) for one in objects)),
            ("events", (_write_event(layout, one) for one in events)),
        ]
        for place, (name, records) in enumerate(sections):
            file.write(f'{"," if place else "{"}\n"{name}":[')
            for number, record in enumerate(records):
                file.write(f"{',' if number else ''}\n{write_json(record)}")
            file.write("\n]")
        file.write("\n}\n")


def _write_types(types: Schema) -> Iterator[Any]:
    for type_name, attributes in types.items():
        yield {"name": type_name, "attributes": [{"name": name, "type": one} for name, one in attributes.items()]}


def _write_object(layout: Layout, one: LoggedObject) -> Any:
    values = [{"name": value.name, "time": value.at, "value": value.value.text} for value in layout.arrange_object(one)]
    relations = [{"objectId": named.object_id, "qualifier": named.qualifier} for named in one.references]
    return {"id": one.id, "type": one.type, "attributes": values, "relationships": relations}


def _write_event(layout: Layout, one: LoggedEvent) -> Any:
    values = [{"name": name, "value": value.text} for name, value in layout.arrange_event(one).items()]
    relations = [{"objectId": named.object_id, "qualifier": named.qualifier} for named in one.references]
    return {"id": one.id, "type": one.type, "time": one.time, "attributes": values, "relationships": relations}
