"""Business records: raw first, then mapped, decided and written. Everything after the raw rows is derived from them.

A record the mapping cannot even be run on is found by halving and becomes a dead letter, like one it rejects. A source
whose mapping cannot be run at all costs its own messages and nobody else's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from billtrail.errors import StoreError
from billtrail.store import Row, Store
from collector.journal import ClosedSegment
from collector.load.loader import Loaded
from collector.load.mapper import IN_ORDER, Cut, MappingFailed, Mappings, refuse
from collector.load.schema import events_segment
from collector.load.tally import Tally, add_tallies
from collector.load.wish import RECORD, grant_wishes

ROOM = "collector"


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be mapped: the sources that have something there, and those that cannot be run, with the reason."""

    cut: Cut
    sources: Sequence[str]
    refused: dict[str, str] = field(default_factory=dict)

    def within(self, first: int, last: int) -> "_Task":
        return replace(self, cut=Cut(self.cut.segment, first, last))


class EventLoading:
    """Loads segments of the stream `events`. One object per loader."""

    table = "raw_events"

    def __init__(self, store: Store, mappings: Mappings | None = None) -> None:
        self._store = store
        self._mappings = mappings or Mappings()

    def take(self, segment: ClosedSegment, part: str = "") -> int:
        """Take the raw records of a segment, or of a part of it. Raises StoreError."""
        token = f"events:{segment.number}:{part}load_raw_events"
        readable, params = events_segment(segment.path), {"segment": segment.number}
        self._store.load(ROOM, "load_raw_events", readable, params, token=token)
        return 0

    def derive(self, number: int, *, spares_memory: bool = False) -> Loaded:
        """Derive from the raw records of a segment what it says. Raises StoreError."""
        return derive_events(self._store, number, self._mappings, spares_memory=spares_memory)


def derive_events(
    store: Store, number: int, mappings: Mappings | None = None, *, spares_memory: bool = False
) -> Loaded:
    """Derive from the raw records of a segment what it says: for the first time, or again.

    `spares_memory` means that what needs too much memory is taken for refused for good. Raises StoreError.
    """
    raw = store.rows(ROOM, "count_raw_events", {"segment": number})
    sources = [row["source"] for row in raw if row["record"] == "event"]
    deriving = _Deriving(store, mappings or Mappings(), spares_memory=spares_memory)
    loaded = deriving.run(_Task(Cut(number), sources)) if sources else Loaded()
    if any(row["record"] == "object" for row in raw):
        store.run(ROOM, "write_object_declarations", {"segment": number})
    if any(row["record"] == RECORD for row in raw):
        grant_wishes(store, mappings or Mappings(), number, spares_memory=spares_memory)
    return replace(loaded, records=sum(row["records"] for row in raw))


class _Deriving:
    def __init__(self, store: Store, mappings: Mappings, *, spares_memory: bool) -> None:
        self._store = store
        self._mappings = mappings
        self._spares_memory = spares_memory

    def run(self, task: _Task) -> Loaded:
        """Derive bravely: what the engine refuses is cut away until the rest goes through."""
        try:
            return self._derive(task)
        except StoreError as error:
            if error.is_transient and not (self._spares_memory and error.needs_memory):
                raise
            if isinstance(error, MappingFailed) and self._is_broken(task, error.source):
                refused = {**task.refused, error.source: f"the mapping of {error.source} cannot be run: {error}"}
                return self.run(replace(task, refused=refused))
            return self._halve(task, error)

    def _is_broken(self, task: _Task, source: str) -> bool:
        """Tell whether the mapping of a source fails on nothing at all, in a store that is well."""
        self._map(_Task(task.cut.nothing, []))
        try:
            self._mappings.run(self._store, source, task.cut.nothing)
        except StoreError as error:
            return not error.is_transient
        return False

    def _halve(self, task: _Task, error: StoreError) -> Loaded:
        self._derive(_Task(task.cut.nothing, [""]))  # Raises where the store itself is unwell.
        places = [row["place"] for row in self._store.rows(ROOM, "find_places", task.cut.params)]
        if len(places) == 1:
            self._store.run(ROOM, "create_mapped_events")
            refuse(self._store, task.cut, "unreadable", str(error))
            return self._write(task.cut, self._count())
        middle = len(places) // 2
        first = self.run(task.within(places[0], places[middle - 1]))
        second = self.run(task.within(places[middle], places[-1]))
        return Loaded(
            0,
            first.duplicates + second.duplicates,
            first.rejected + second.rejected,
            add_tallies(first.tallies, second.tallies),
        )

    def _derive(self, task: _Task) -> Loaded:
        self._map(task)
        counted = self._count()
        if any(row["is_to_mend"] for row in counted):
            self._map(replace(task, cut=replace(task.cut, mends=True)))
            counted = self._count()
        return self._write(task.cut, counted)

    def _map(self, task: _Task) -> None:
        self._store.run(ROOM, "create_mapped_events")
        for source in task.sources:
            if source in task.refused:
                refuse(self._store, task.cut, "unreadable", task.refused[source], source)
            else:
                self._mappings.run(self._store, source, task.cut)

    def _count(self) -> list[Row]:
        """Count what the mappings made of it, and look up what is known of that."""
        _drop_scratch(self._store)
        self._store.run(ROOM, "find_known_events")
        return self._store.rows(ROOM, "count_mapped")

    def _write(self, cut: Cut, counted: Sequence[Row]) -> Loaded:
        store, segment = self._store, {"segment": cut.segment}
        duplicates = 0
        if any(row["is_contested"] for row in counted):
            duplicates = self._write_decided(segment)
        else:
            store.run(ROOM, "create_event_decisions")
        tallies = [Tally(row["source"], row["events"], row["ignored"], row["rejected"]) for row in counted]
        rejected = sum(tally.rejected for tally in tallies)
        if rejected:
            store.run(ROOM, "write_dead_letters", segment)
        if not tallies or any(tally.events for tally in tallies):
            store.run(ROOM, "write_new_events", segment, settings=IN_ORDER)
        if any(row["is_tallied"] for row in counted):
            store.run(ROOM, "write_tallies", {**segment, "first": cut.first}, settings=IN_ORDER)
        return Loaded(0, duplicates, rejected, tallies)

    def _write_decided(self, segment: dict[str, int]) -> int:
        """Decide about what was told before, or twice, and write what wins; answer how many are duplicates."""
        store = self._store
        store.run(ROOM, "decide_events", segment)
        decided = store.rows(ROOM, "count_decided")[0]
        if decided["replaced"]:
            store.run(ROOM, "write_events", segment, settings=IN_ORDER)
        if decided["withdrawn"]:
            store.run(ROOM, "write_withdrawals", segment, settings=IN_ORDER)
        duplicates: int = decided["duplicates"]
        return duplicates


def _drop_scratch(store: Store) -> None:
    for name in ("drop_known_events", "drop_event_decisions"):
        store.run(ROOM, name)
