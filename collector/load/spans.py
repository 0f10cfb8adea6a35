"""Spans: decoded by the engine straight from the journal segment.

The statement is optimistic. It stops, before writing anything, at a value nobody has rendered yet and at a span
without valid ids; then what it missed is provided and it runs again. Ordinary segments pay nothing for the others.
"""

from billtrail.errors import InvariantError, StoreError
from billtrail.store import Segment, Store
from collector.journal import ClosedSegment
from collector.load.loader import Loaded
from collector.load.rejected import keep_rejected
from collector.load.render import RenderedValues
from collector.load.schema import spans_segment
from collector.load.span_messages import SpanMessages

ROOM = "collector"
_UNRENDERED, _WITHOUT_IDS = "a value is not rendered yet", "a span has no valid ids"


class SpanLoading:
    """Loads segments of the stream `traces`. One object per loader, which remembers rendered values in its session."""

    table = "span_records"

    def __init__(self, store: Store, messages: SpanMessages | None = None) -> None:
        self._store = store
        self._messages = messages
        self._rendered = RenderedValues(store)

    def take(self, segment: ClosedSegment, part: str = "") -> int:
        """Load a segment, or a part of it; answer how many spans had no valid ids. Raises StoreError."""
        readable, rejected = spans_segment(segment.path), 0
        token = f"traces:{segment.number}:{part}load_spans"
        self._rendered.prepare()
        for _ in range(4):
            try:
                self._insert(readable, segment.number, token, tolerates=rejected > 0)
            except StoreError as error:
                if _UNRENDERED in str(error):
                    self._rendered.learn(readable)
                elif _WITHOUT_IDS in str(error):
                    rejected = keep_rejected(self._store, segment)
                else:
                    raise
            else:
                if self._messages:
                    self._messages.keep(self._store, readable)
                return rejected
        raise InvariantError(f"segment {segment.number} asks for values again and again")

    def derive(self, number: int, *, spares_memory: bool = False) -> Loaded:
        """Nothing is derived from spans here: what is a message of a source was put into the other journal."""
        return Loaded()

    def _insert(self, readable: Segment, number: int, token: str, *, tolerates: bool) -> None:
        params = {"segment": number, "tolerates": int(tolerates)}
        self._store.load(ROOM, "load_spans", readable, params, token=token)
