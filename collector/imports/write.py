"""Puts a log into the events journal: first its objects, then its events, in frames of a few hundred records.

A reference to an object the log does not declare is kept, with the type `unknown`, and reported: dropping it would lose
what the log says, inventing the object would say more. Types and the system hold no colon: it becomes an underscore.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from billtrail.clock import Clock
from billtrail.errors import PayloadError
from collector.imports.ocel import OcelEvent, OcelLog, OcelObject, OcelRelation
from collector.journal import Frame, Journal, encode_bodies

DOOR = "import"
UNKNOWN_TYPE = "unknown"
_FRAME_RECORDS = 500
_SHOWN_DANGLING = 100

Progress = Callable[[int, int], None]
"""Called with how many records are durable and how many there are."""


@dataclass(slots=True)
class ImportReport:
    """What an import put into the journal. `dangling` shows the first of `dangling_count` references to nothing."""

    source: str
    events: int = 0
    objects: int = 0
    event_relations: int = 0
    object_relations: int = 0
    dangling_count: int = 0
    dangling: list[str] = field(default_factory=list)


def import_log(
    log: OcelLog, journal: Journal, clock: Clock, *, source: str = "", on_progress: Progress | None = None
) -> ImportReport:
    """Append a whole log; durable when this returns, in the tables soon after. Raises PayloadError or StoreError."""
    writer = _Writer(log, journal, clock, (source or log.name).replace(":", "_"), on_progress)
    writer.write("object", (writer.write_object(one) for one in log.objects()))
    writer.write("event", (writer.write_event(one) for one in log.events()))
    return writer.report


class _Writer:
    def __init__(self, log: OcelLog, journal: Journal, clock: Clock, system: str, on_progress: Progress | None) -> None:
        self.report = ImportReport(system)
        self._types = log.object_types
        self._total = len(log.object_types) + log.event_count
        self._journal = journal
        self._clock = clock
        self._system = system
        self._on_progress = on_progress

    def write(self, record: str, bodies: Iterable[dict[str, Any]]) -> None:
        source = iter(bodies)
        while batch := [_encode(body) for body in islice(source, _FRAME_RECORDS)]:
            at_ns = int(self._clock.now().timestamp() * 1000) * 1_000_000
            self._journal.append(Frame(encode_bodies(batch), self._system, DOOR, at_ns, record, len(batch)))
            if self._on_progress:
                self._on_progress(self.report.objects + self.report.events, self._total)

    def write_object(self, one: OcelObject) -> dict[str, Any]:
        self.report.objects += 1
        self.report.object_relations += len(one.relations)
        return {
            "source": f"/{self._system}",
            "system": self._system,
            "type": _plain(one.type),
            "id": one.id,
            "attributes": one.attributes,
            "relations": [
                {"to": target, "qualifier": qualifier}
                for target, qualifier in self._targets(one.relations, f"object {one.id}")
            ],
        }

    def write_event(self, one: OcelEvent) -> dict[str, Any]:
        self.report.events += 1
        self.report.event_relations += len(one.relations)
        objects = [
            {**target, "qualifier": qualifier} for target, qualifier in self._targets(one.relations, f"event {one.id}")
        ]
        event = {"specversion": "1.0", "id": one.id, "source": f"/{self._system}", "type": one.type}
        event |= {"time": one.time} if one.time else {}
        return event | {"data": {"system": self._system, "objects": objects, "attributes": one.attributes}}

    def _targets(self, relations: Iterable[OcelRelation], where: str) -> Iterator[tuple[dict[str, str], str]]:
        for relation in relations:
            object_type = self._types.get(relation.object_id)
            if object_type is None:
                self.report.dangling_count += 1
                if len(self.report.dangling) < _SHOWN_DANGLING:
                    self.report.dangling.append(f"{where}: no object {relation.object_id!r}")
            target = {"type": _plain(object_type or UNKNOWN_TYPE), "system": self._system, "id": relation.object_id}
            yield target, relation.qualifier


def _plain(name: str) -> str:
    return name.replace(":", "_")


def _encode(body: dict[str, Any]) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise PayloadError(f"{body['type']} {body['id']!a}: a text in it is no Unicode: {error.reason}") from error
