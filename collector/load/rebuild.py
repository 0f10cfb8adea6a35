"""Derives the events of one source anew from everything it ever sent: after its mapping was changed.

All segments at once: mapped by both cores into a scratch table, decided in one statement, compared with what the table
says. Only what differs is written, as corrections in a segment of their own, so that whoever follows the segments sees
them. The outcome is that of a fresh load: an event the mapping no longer yields is gone, a message it can use now is no
dead letter any more. Repeating it changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from billtrail.errors import StoreError
from billtrail.store import Row, Store
from collector.load.mapper import EVERYTHING, IN_ORDER
from collector.mapping import Compiled
from collector.mapping.compile import HISTORY_COLUMNS

ROOM = "collector"
_AT_ONCE = 200_000
# Order does not matter here, every row says its own place.
_PARALLEL = {"max_threads": 2, "max_insert_threads": 2}
# What fails leaves nothing behind.
_ONE_BLOCK = {"min_insert_block_size_rows": 1_000_000_000, "min_insert_block_size_bytes": 10_000_000_000}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to: messages read, events they tell, and how those differ from what was there."""

    source: str
    messages: int = 0
    ignored: int = 0
    rejected: int = 0
    events: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0


def rebuild_source(
    store: Store, compiled: Compiled, upto: int, *, writes: bool, progress: Progress = lambda done, total: None
) -> Rebuilt:
    """Rebuild a source up to a segment, whose number the corrections take. Raises StoreError: it may be repeated.

    Without `writes` it only counts. Cost: one parse of every message, two cores; a scratch table on disk.
    """
    history = store.rows(ROOM, "find_history", {"name": compiled.source, "upto": upto})
    total = sum(row["messages"] for row in history)
    _map_all(store, compiled, history, progress)
    if store.rows(ROOM, "count_rebuild_messages")[0]["to_mend"]:
        mending = replace(compiled, history=compiled.history.replace("{mends:UInt8}", "1"))
        _map_all(store, mending, history, progress)
    store.run(ROOM, "decide_rebuild", {"name": compiled.source, "upto": upto})
    if writes:
        _write(store, compiled.source, upto)
    counted = store.rows(ROOM, "count_rebuilt")[0] | store.rows(ROOM, "count_rebuild_messages")[0]
    del counted["to_mend"]
    _drop_scratch(store)
    return Rebuilt(compiled.source, total, **counted)


def _cut(history: Sequence[Row]) -> list[tuple[int, int, int]]:
    """Cut a history into stretches of segments with so many messages each."""
    stretches: list[tuple[int, int, int]] = []
    for row in history:
        if stretches and stretches[-1][2] + row["messages"] <= _AT_ONCE:
            since, _, messages = stretches[-1]
            stretches[-1] = (since, row["segment"], messages + row["messages"])
        else:
            stretches.append((row["segment"], row["segment"], row["messages"]))
    return stretches


def _map_all(store: Store, compiled: Compiled, history: Sequence[Row], progress: Progress) -> None:
    try:
        _map_quickly(store, compiled, history, progress)
    except StoreError as error:
        if error.is_transient:
            raise
        _map_carefully(store, compiled, history, progress)


def _map_quickly(store: Store, compiled: Compiled, history: Sequence[Row], progress: Progress) -> None:
    _begin(store)
    done, total = 0, sum(row["messages"] for row in history)
    for since, upto, messages in _cut(history):
        _map(store, compiled, {"since": since, "upto": upto, "first": 0, "last": EVERYTHING}, _PARALLEL)
        done += messages
        progress(done, total)


def _map_carefully(store: Store, compiled: Compiled, history: Sequence[Row], progress: Progress) -> None:
    """Map segment by segment, one that is refused in halves, until the messages that cannot be mapped stand alone."""
    _begin(store)
    # Raises where the mapping cannot be run at all, or the store is unwell.
    _map(store, compiled, {"since": 1, "upto": 0, "first": 0, "last": EVERYTHING}, IN_ORDER)
    done, total = 0, sum(row["messages"] for row in history)
    for row in history:
        segment = row["segment"]
        places = store.rows(ROOM, "find_places_of", {"segment": segment, "name": compiled.source})
        _map_halves(store, compiled, segment, [one["place"] for one in places])
        done += row["messages"]
        progress(done, total)


def _map_halves(store: Store, compiled: Compiled, segment: int, places: Sequence[int]) -> None:
    try:
        params = {"since": segment, "upto": segment, "first": places[0], "last": places[-1]}
        _map(store, compiled, params, IN_ORDER)
    except StoreError as error:
        if error.is_transient:
            raise
        if len(places) == 1:
            place = {"segment": segment, "place": places[0]}
            store.run(ROOM, "refuse_rebuild_event", {**place, "detail": str(error)[:1000]})
            return
        middle = len(places) // 2
        _map_halves(store, compiled, segment, places[:middle])
        _map_halves(store, compiled, segment, places[middle:])


def _map(store: Store, compiled: Compiled, params: Mapping[str, int], settings: Mapping[str, int]) -> None:
    insert = f"INSERT INTO rebuild_events ({', '.join(HISTORY_COLUMNS)})\n{compiled.history}"
    store.command(insert, {"mends": 0, **params}, settings={**settings, **_ONE_BLOCK})


def _begin(store: Store) -> None:
    _drop_scratch(store)
    store.run(ROOM, "create_rebuild_events")


def _write(store: Store, source: str, segment: int) -> None:
    store.run(ROOM, "write_rebuilt", {"segment": segment})
    store.run(ROOM, "write_removed", {"segment": segment})
    store.run(ROOM, "settle_letters", {"name": source, "segment": segment})
    store.run(ROOM, "write_rebuilt_letters", {"name": source, "segment": segment + 1})
    store.run(ROOM, "write_rebuilt_tallies", {"name": source})


def _drop_scratch(store: Store) -> None:
    store.run(ROOM, "drop_rebuild_events")
    store.run(ROOM, "drop_rebuild_decisions")
