"""Vendor messages on their way: raw bodies into a store, mapped by their sources, then written as the loader does."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from billtrail.store import Store
from collector.load.events import derive_events
from collector.load.mapper import Cut, Mappings
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


def compile_sources(names: Iterable[str], folder: Path = SHIPPED) -> Mappings:
    """Compile some sources of a folder, by name."""
    return Mappings({name: compile_source(read_source(folder / name)) for name in names})


def map_segment(store: Store, segment: int, sources: Iterable[str]) -> None:
    """Map the raw events of a segment by some sources, and leave the rows where they are."""
    store.run(ROOM, "create_mapped_events")
    mappings = compile_sources(sources)
    for source in sorted(set(sources)):
        mappings.run(store, source, Cut(segment))


def load(store: Store, segment: int, messages: list[Message]) -> None:
    """Take messages all the way into the canonical table."""
    records = put_raw(store, segment, messages)
    derive_events(store, segment, compile_sources({source for source, _ in messages}))
    put_ledger(store, "events", segment, records)
