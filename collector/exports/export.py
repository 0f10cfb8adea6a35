"""Writes what is stored into a file of the format asked for; the file is there whole or not at all."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from billtrail.errors import SettingsError
from billtrail.store import Store
from collector.exports import ocel_json, ocel_sqlite, ocel_xml
from collector.exports.canonical import ROOM, Canonical
from collector.exports.choice import Choice
from collector.exports.json_lines import write_events
from collector.exports.layout import Layout
from collector.exports.logged import LoggedStore
from collector.exports.xes import write_traces

Progress = Callable[[int, int], None]
"""Called with how many steps are done and how many there are."""

_EVERY = 500
_T = TypeVar("_T")


class Format(StrEnum):
    """What can be written."""

    OCEL_JSON = "ocel-json"
    OCEL_SQLITE = "ocel-sqlite"
    OCEL_XML = "ocel-xml"
    XES = "xes"
    JSONL = "jsonl"


@dataclass(slots=True)
class ExportReport:
    """What is in the file. `left_out` are relations that lead out of an excerpt, and declared objects and events in no
    lifecycle, which the format has no place for. Events corrected while the export ran are not in it.
    """

    file: str
    format: str
    events: int = 0
    objects: int = 0
    traces: int = 0
    relations_left_out: int = 0
    declarations_left_out: int = 0
    events_left_out: int = 0
    events_changed_meanwhile: int = 0


def export_log(
    store: Store, path: Path, format: Format, choice: Choice, on_progress: Progress | None = None
) -> ExportReport:
    """Write a file. Raises PayloadError for what the format cannot hold, SettingsError when the file cannot be written,
    StoreError when the data changed too much meanwhile.

    Cost: reads everything chosen, for OCEL twice; holds a page of it in memory.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    report = ExportReport(str(path), format.value)
    try:
        _write(store, part, choice, report, on_progress or (lambda done, total: None))
        os.replace(part, path)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return report


def _write(store: Store, part: Path, choice: Choice, report: ExportReport, progress: Progress) -> None:
    if report.format == Format.XES:
        report.traces, report.events = write_traces(part, store, choice, lambda done: progress(done, 0))
    elif report.format == Format.JSONL:
        canonical = Canonical(store, choice)
        steps = _Steps(progress, canonical.names.events)
        report.events = write_events(part, steps.count(canonical.events()))
        report.events_changed_meanwhile = canonical.names.events - report.events
    else:
        _write_ocel(Canonical(store, choice), part, report, progress)
    if choice.is_whole and report.format in (Format.XES, Format.JSONL):
        left = store.rows(ROOM, "count_left_out")[0]
        report.declarations_left_out = left["declarations"]
        report.events_left_out = left["unmatched"] if report.format == Format.XES else 0


def _write_ocel(canonical: Canonical, part: Path, report: ExportReport, progress: Progress) -> None:
    logged = LoggedStore(canonical)
    steps = _Steps(progress, 2 * (canonical.names.events + canonical.names.objects))
    match report.format:
        case Format.OCEL_JSON:
            layout, write = Layout(ocel_json.fits_not), ocel_json.write_log
        case Format.OCEL_XML:
            layout, write = Layout(ocel_xml.fits_not), ocel_xml.write_log
        case _:
            layout, write = Layout(ocel_sqlite.fits_not, ocel_sqlite.choose_names), ocel_sqlite.write_log
    try:
        for one in steps.count(logged.objects()):
            layout.take_object(one)
        for event in steps.count(logged.events()):
            layout.take_event(event)
        layout.settle()
        objects, events = _Counted(steps.count(logged.objects())), _Counted(steps.count(logged.events()))
        write(part, layout, objects, events)
    finally:
        logged.close()
    report.objects, report.events, report.relations_left_out = objects.number, events.number, logged.left_out
    report.events_changed_meanwhile = canonical.names.events - events.number


class _Steps:
    """Tells of progress now and then."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def count(self, records: Iterable[_T]) -> Iterator[_T]:
        for record in records:
            yield record
            self._done += 1
            if self._done % _EVERY == 0:
                self._progress(self._done, self._total)
        self._progress(self._done, self._total)


class _Counted(Iterable[_T]):
    """Counts what is taken from it."""

    def __init__(self, records: Iterable[_T]) -> None:
        self._records, self.number = records, 0

    def __iter__(self) -> Iterator[_T]:
        for record in self._records:
            self.number += 1
            yield record
