"""CloudEvents as JSON Lines, each checked as the door for them checks it; what is written there is what is kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from billtrail.errors import PayloadError
from collector.imports.file import open_file, reading
from collector.imports.record import Counted, LoggedEvent, LoggedObject, Schema, Value
from collector.receive.cloudevents import read_events

_STRUCTURED = {"content-type": "application/cloudevents+json"}
_LONGEST = 64 << 20


class LinesLog:
    """A log in a file, packed or not, that is read anew each time. Lines without anything in them are passed over."""

    format = "jsonl"

    def __init__(self, path: Path) -> None:
        self.name = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
        self.strays = Counted()
        self.attributes: dict[str, Value] = {}
        self.object_types: Schema = {}
        self.event_types: Schema = {}
        self._path = path

    def objects(self) -> Iterator[LoggedObject]:
        """Lines declare no objects: their events name them."""
        return iter(())

    def events(self) -> Iterator[LoggedEvent]:
        with reading(self._path), open_file(self._path) as file:
            number = 0
            while line := file.readline(_LONGEST):
                number += 1
                if line.strip():
                    yield self._read(line.removeprefix(b"\xef\xbb\xbf").strip(), number)

    def _read(self, line: bytes, number: int) -> LoggedEvent:
        try:
            [body] = read_events(_STRUCTURED, line, 1)
            event: dict[str, Any] = json.loads(body)
        except PayloadError as error:
            raise PayloadError(f"{self._path}: line {number}: {error}", where=error.where, hint=error.hint) from error
        return LoggedEvent(event["id"], event["type"], event.get("time") or "", {}, (), body)
