"""OCEL 2.0 in JSON. The file is read whole: the encoding has no order one could stream by."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from billtrail.errors import PayloadError
from collector.imports.ocel import OcelEvent, OcelObject, OcelRelation, fold_values, read_instant

_SECTIONS = ("objectTypes", "eventTypes", "objects", "events")


class JsonLog:
    """A log in memory."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        document = _read(path)
        self._objects: list[Any] = document["objects"]
        self._events: list[Any] = document["events"]
        self.event_count = len(self._events)
        self.object_types = {
            _text(one, "id", f"objects[{place}]"): _text(one, "type", f"objects[{place}]")
            for place, one in enumerate(self._objects)
        }

    def objects(self) -> Iterator[OcelObject]:
        for place, one in enumerate(self._objects):
            where = f"objects[{place}]"
            values = [
                (
                    _text(value, "name", where),
                    read_instant(_text(value, "time", where), where),
                    _show(value.get("value")),
                )
                for value in _list(one, "attributes", where)
            ]
            yield OcelObject(one["id"], one["type"], fold_values(values), _relations(one, where))

    def events(self) -> Iterator[OcelEvent]:
        for place, one in enumerate(self._events):
            where = f"events[{place}]"
            yield OcelEvent(
                _text(one, "id", where),
                _text(one, "type", where),
                read_instant(_text(one, "time", where), f"{where}.time"),
                {_text(value, "name", where): _show(value.get("value")) for value in _list(one, "attributes", where)},
                _relations(one, where),
            )


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"{path}: not JSON: {error}") from error
    missing = [name for name in _SECTIONS if not isinstance(document.get(name), list)]
    if missing:
        raise PayloadError(
            f"{path}: no OCEL 2.0 log: {', '.join(missing)} missing", hint="OCEL 1.0 logs have to be converted first"
        )
    return dict(document)


def _relations(one: dict[str, Any], where: str) -> tuple[OcelRelation, ...]:
    return tuple(
        OcelRelation(_text(relation, "objectId", where), _show(relation.get("qualifier")))
        for relation in _list(one, "relationships", where)
    )


def _list(one: dict[str, Any], name: str, where: str) -> list[Any]:
    value = one.get(name)
    if value is not None and not isinstance(value, list):
        raise PayloadError(f"{where}.{name}: expected a list, got {_show(value)[:40]}", where=f"{where}.{name}")
    return value or []


def _text(one: Any, name: str, where: str) -> str:
    value = one.get(name) if isinstance(one, dict) else None
    if not isinstance(value, str) or not value:
        raise PayloadError(f"{where}.{name}: expected a text that is not empty", where=f"{where}.{name}")
    return value


def _show(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
