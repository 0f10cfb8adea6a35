"""Spans: decoded by the engine straight from the journal segment."""

from billtrail.store import Store
from collector.journal import ClosedSegment
from collector.load.inspect import Contents
from collector.load.loader import Loaded
from collector.load.schema import spans_segment

ROOM = "collector"


def load_spans(store: Store, segment: ClosedSegment, contents: Contents) -> Loaded:
    """Load a segment of the stream `traces`. Raises StoreError."""
    token = f"traces:{segment.number}:load_spans"
    store.load(ROOM, "load_spans", spans_segment(segment.path), {"segment": segment.number}, token=token)
    return Loaded()
