"""Business records: raw first, then mapped, decided and written. Everything after the raw rows is derived from them.

A record the mapping cannot even be run on is found by halving and becomes a dead letter, like one it rejects.
"""

from dataclasses import dataclass

from billtrail.errors import StoreError
from billtrail.store import Store
from collector.journal import ClosedSegment
from collector.load.loader import Loaded
from collector.load.schema import events_segment

ROOM = "collector"
# One thread: rows keep their order, so that a repeat makes the same blocks.
_IN_ORDER = {"max_threads": 1, "max_insert_threads": 1}
_LAST_PLACE = 2**64 - 1


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of a segment's raw events, by their places: frame * 2^32 + item. Both ends belong to it."""

    segment: int
    first: int = 0
    last: int = _LAST_PLACE

    @property
    def params(self) -> dict[str, int]:
        return {"segment": self.segment, "first": self.first, "last": self.last}


class EventLoading:
    """Loads segments of the stream `events`. One object per loader."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, segment: ClosedSegment, part: str = "") -> int:
        """Take the raw records of a segment, or of a part of it. Raises StoreError."""
        token = f"events:{segment.number}:{part}load_raw_events"
        readable, params = events_segment(segment.path), {"segment": segment.number}
        self._store.load(ROOM, "load_raw_events", readable, params, token=token)
        return 0

    def derive(self, number: int) -> Loaded:
        """Derive from the raw records of a segment what it says. Raises StoreError."""
        return derive_events(self._store, number)


def derive_events(store: Store, number: int) -> Loaded:
    """Derive from the raw records of a segment what it says: for the first time, again, or in a rebuild."""
    raw = store.rows(ROOM, "count_raw_events", {"segment": number})[0]
    loaded = _derive_bravely(store, _Cut(number)) if raw["events"] else Loaded()
    if raw["objects"]:
        store.run(ROOM, "write_object_declarations", {"segment": number})
    return Loaded(raw["events"] + raw["objects"], loaded.duplicates, loaded.rejected)


def _derive_bravely(store: Store, cut: _Cut) -> Loaded:
    try:
        return _derive_event_versions(store, cut.params)
    except StoreError as error:
        if error.is_transient:
            raise
        _derive_event_versions(store, _Cut(cut.segment, 1, 0).params)  # Raises where the store itself is unwell.
        places = [row["place"] for row in store.rows(ROOM, "find_places", cut.params)]
        if len(places) == 1:
            store.run(ROOM, "write_refused_event", {**cut.params, "detail": str(error)[:1000]})
            return Loaded(rejected=1)
    middle = len(places) // 2
    first = _derive_bravely(store, _Cut(cut.segment, places[0], places[middle - 1]))
    second = _derive_bravely(store, _Cut(cut.segment, places[middle], places[-1]))
    return Loaded(0, first.duplicates + second.duplicates, first.rejected + second.rejected)


def _derive_event_versions(store: Store, params: dict[str, int]) -> Loaded:
    _drop_scratch(store)
    store.run(ROOM, "map_events", params, settings=_IN_ORDER)
    segment = {"segment": params["segment"]}
    store.run(ROOM, "find_known_events")
    store.run(ROOM, "decide_events", segment)
    mapped = store.rows(ROOM, "count_mapped")[0]
    decided = store.rows(ROOM, "count_decided")[0]
    if mapped["rejected"]:
        store.run(ROOM, "write_dead_letters", segment)
    store.run(ROOM, "write_new_events", segment, settings=_IN_ORDER)
    if decided["replaced"]:
        store.run(ROOM, "write_events", segment, settings=_IN_ORDER)
    if decided["withdrawn"]:
        store.run(ROOM, "write_withdrawals", segment, settings=_IN_ORDER)
    _drop_scratch(store)
    return Loaded(mapped["events"], decided["duplicates"], mapped["rejected"])


def _drop_scratch(store: Store) -> None:
    for name in ("drop_mapped_events", "drop_known_events", "drop_event_decisions"):
        store.run(ROOM, name)
