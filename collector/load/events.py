"""Business records: raw first, then mapped, decided and written. Everything after the raw rows is derived from them."""

from billtrail.store import Store
from collector.journal import ClosedSegment
from collector.load.inspect import Contents
from collector.load.loader import Loaded
from collector.load.schema import events_segment

ROOM = "collector"


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
    store.run(ROOM, "drop_mapped_events")
    store.run(ROOM, "map_events", params, settings={"max_threads": 1})
    store.run(ROOM, "drop_event_decisions")
    store.run(ROOM, "decide_events", params)
    mapped = store.rows(ROOM, "count_mapped")[0]
    decided = store.rows(ROOM, "count_decided")[0]
    if mapped["rejected"]:
        store.run(ROOM, "write_dead_letters", params)
    if decided["written"]:
        store.run(ROOM, "write_events", params, settings={"max_threads": 1})
    if decided["withdrawn"]:
        store.run(ROOM, "write_withdrawals", params, settings={"max_threads": 1})
    store.run(ROOM, "drop_event_decisions")
    store.run(ROOM, "drop_mapped_events")
    return Loaded(mapped["events"], decided["duplicates"], mapped["rejected"])
