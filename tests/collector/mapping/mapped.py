"""Vendor messages on their way: raw bodies into a store, mapped by their sources, then written as the loader does."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from billtrail.store import Store
from collector.mapping import compile_source, read_source
from collector.mapping.catalogue import SHIPPED
from tests.support.events import put_ledger

ROOM = "collector"
Message = tuple[str, str]
"""The name of a source and a body."""


def read_samples(*names: str) -> list[Message]:
    """Read samples of the shipped sources by `source/name`."""
    split = [name.split("/") for name in names]
    return [(source, (SHIPPED / source / "samples" / f"in-{name}.json").read_text("utf-8")) for source, name in split]


def put_raw(store: Store, segment: int, messages: Iterable[Message]) -> int:
    """Store messages as one segment of the journal; answer how many."""
    rows = [
        {"source": source, "door": "webhook", "record": "event", "received_at": datetime(2026, 5, 1, tzinfo=UTC),
         "segment": segment, "frame": frame, "item": 0, "body": body}
        for frame, (source, body) in enumerate(messages)
    ]  # fmt: skip
    store.insert("raw_events", rows)
    return len(rows)


def map_segment(store: Store, segment: int, sources: Iterable[str], folder: Path = SHIPPED) -> None:
    """Map the raw events of a segment by some sources, beside what the CloudEvents mapping has made of it."""
    store.run(ROOM, "map_events", {"segment": segment, "first": 1, "last": 0})
    everything = {"segment": segment, "first": 0, "last": 2**64 - 1}
    for source in sorted(set(sources)):
        arrived = store.query("SELECT count() AS rows FROM mapped_events")[0]["rows"]
        store.command(compile_source(read_source(folder / source)).insert, {**everything, "first_arrival": arrived})


def load(store: Store, segment: int, messages: list[Message]) -> None:
    """Take messages all the way into the canonical table."""
    records = put_raw(store, segment, messages)
    map_segment(store, segment, [source for source, _ in messages])
    store.run(ROOM, "find_known_events")
    store.run(ROOM, "decide_events", {"segment": segment})
    store.run(ROOM, "write_new_events", {"segment": segment})
    store.run(ROOM, "write_events", {"segment": segment})
    for table in ("mapped_events", "known_events", "event_decisions"):
        store.run(ROOM, f"drop_{table}")
    put_ledger(store, "events", segment, records)
