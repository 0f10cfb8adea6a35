"""Business records: raw first, then mapped, decided and written. Everything after the raw rows is derived from them."""

from billtrail.store import Store
from collector.journal import ClosedSegment
from collector.load.inspect import Contents
from collector.load.loader import Loaded
from collector.load.schema import events_segment

ROOM = "collector"
# One thread: rows keep their order, so that a repeat makes the same blocks.
_IN_ORDER = {"max_threads": 1, "max_insert_threads": 1}


class EventLoading:
    """Loads segments of the stream `events`. One object per loader."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load(self, segment: ClosedSegment, contents: Contents) -> Loaded:
        """Load a segment. Raises StoreError."""
        token = f"events:{segment.number}:load_raw_events"
        readable, params = events_segment(segment.path), {"segment": segment.number}
        self._store.load(ROOM, "load_raw_events", readable, params, token=token)
        return derive_events(self._store, segment.number)


def derive_events(store: Store, number: int) -> Loaded:
    """Derive from the raw events of a segment what it says: for the first time, again, or in a rebuild."""
    params = {"segment": number}
    raw = store.rows(ROOM, "count_raw_events", params)[0]
    loaded = _derive_event_versions(store, params) if raw["events"] else Loaded()
    if raw["objects"]:
        store.run(ROOM, "write_object_declarations", params)
    return Loaded(raw["events"] + raw["objects"], loaded.duplicates, loaded.rejected)


def _derive_event_versions(store: Store, params: dict[str, int]) -> Loaded:
    _drop_scratch(store)
    store.run(ROOM, "map_events", params, settings=_IN_ORDER)
    store.run(ROOM, "find_known_events", params)
    store.run(ROOM, "decide_events", params)
    mapped = store.rows(ROOM, "count_mapped")[0]
    decided = store.rows(ROOM, "count_decided")[0]
    if mapped["rejected"]:
        store.run(ROOM, "write_dead_letters", params)
    store.run(ROOM, "write_new_events", params, settings=_IN_ORDER)
    if decided["replaced"]:
        store.run(ROOM, "write_events", params, settings=_IN_ORDER)
    if decided["withdrawn"]:
        store.run(ROOM, "write_withdrawals", params, settings=_IN_ORDER)
    _drop_scratch(store)
    return Loaded(mapped["events"], decided["duplicates"], mapped["rejected"])


def _drop_scratch(store: Store) -> None:
    for name in ("drop_mapped_events", "drop_known_events", "drop_event_decisions"):
        store.run(ROOM, name)
