"""Puts a log into the events journal: first its objects, then its events, in frames of a few hundred records.

The whole log is read once before anything is written, so that a log with a fault leaves nothing behind. A reference to
an object the log does not declare is kept, with the type `unknown`, and reported: dropping it would lose what the log
says, inventing the object would say more. Types and the system hold no colon: it becomes an underscore.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import islice

from billtrail.clock import Clock
from billtrail.errors import PayloadError, StoreError
from collector.imports.body import BodyWriter
from collector.imports.convention import LOG_TYPE
from collector.imports.record import Dated, Log, LoggedObject
from collector.imports.report import ImportReport
from collector.imports.scan import Scan, plain
from collector.imports.value import EPOCH
from collector.journal import Frame, Journal, encode_bodies

DOOR = "import"
_FRAME_RECORDS = 500

Progress = Callable[[int, int], None]
"""Called with how many records are durable and how many there are."""


def import_log(
    log: Log, journal: Journal, clock: Clock, *, source: str = "", on_progress: Progress | None = None
) -> ImportReport:
    """Append a whole log; durable when this returns, in the tables soon after.

    Raises PayloadError with nothing appended, StoreError when the journal refuses: importing again goes on from there.
    """
    system = plain(source or log.name)
    scan = Scan(log, system)
    try:
        return _Import(log, scan, journal, clock, on_progress).run()
    finally:
        scan.close()


class _Import:
    def __init__(self, log: Log, scan: Scan, journal: Journal, clock: Clock, on_progress: Progress | None) -> None:
        self._log, self._scan, self._system = log, scan, scan.system
        self._journal, self._clock, self._on_progress = journal, clock, on_progress
        self._bodies = BodyWriter(scan.index, scan.system)
        self._written = 0

    def run(self) -> ImportReport:
        self._append("object", (body for one in self._log.objects() for body in self._bodies.write_object(one)))
        self._append("event", (self._bodies.write_event(one) for one in self._log.events()))
        self._append("object", self._describe_log())
        return self._report()

    def _describe_log(self) -> Iterable[bytes]:
        """Declare the log itself, where it says something that none of its records does."""
        told = {**self._log.attributes, **self._scan.unused}
        if told:
            values = tuple(Dated(name, EPOCH, value) for name, value in told.items())
            yield self._bodies.write_declaration(LoggedObject(self._system, LOG_TYPE, values, ()))

    def _append(self, record: str, bodies: Iterable[bytes]) -> None:
        source = iter(bodies)
        while batch := self._take(source):
            at_ns = int(self._clock.now().timestamp() * 1000) * 1_000_000
            try:
                self._journal.append(Frame(encode_bodies(batch), self._system, DOOR, at_ns, record, len(batch)))
            except StoreError as error:
                raise StoreError(
                    f"{error}; {self._written} records of the log are in, the others are not",
                    is_transient=error.is_transient,
                    hint=error.hint or "import it again: what is there already is recognised",
                ) from error
            self._written += len(batch)
            if self._on_progress:
                counts = self._bodies.counts
                self._on_progress(counts.objects + counts.events, self._scan.object_count + self._scan.event_count)

    def _take(self, bodies: Iterator[bytes]) -> list[bytes]:
        try:
            return list(islice(bodies, _FRAME_RECORDS))
        except PayloadError as error:
            if not self._written:
                raise
            told = f"{error}; {self._written} records of the log are in, the others are not"
            raise PayloadError(told, where=error.where, hint=error.hint) from error

    def _report(self) -> ImportReport:
        counts, dangling, strays = self._bodies.counts, self._bodies.dangling, self._log.strays
        return ImportReport(
            source=self._system,
            format=self._log.format,
            records=self._written,
            **asdict(counts),
            dangling_count=dangling.count,
            dangling_from_events=self._bodies.dangling_from_events,
            dangling_from_objects=dangling.count - self._bodies.dangling_from_events,
            dangling_objects=self._scan.index.missing_count,
            dangling_kinds=dict(dangling.kinds.most_common()),
            dangling=dangling.first,
            stray_count=strays.count,
            stray_kinds=dict(strays.kinds.most_common()),
            strays=strays.first,
        )
