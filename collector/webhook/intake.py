"""Keeps vendors' messages: the one way from a webhook, a poller, a subscriber or a dropped file into the journal.

A body is one message as the vendor sent it, in JSON; XML becomes JSON first (`xml.read_xml`). What was kept is durable
when the call returns, and only then may a position be moved or a request be answered. A call that was cut short may be
repeated: what comes twice is dropped by the id the mapping gives it.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from billtrail.clock import Clock
from collector.journal import Frame, Journal, encode_bodies

# One frame is one piece of the engine's work, and one place in the dead letters: neither huge nor tiny.
_FRAME_BODIES = 1_000
_FRAME_BYTES = 8 << 20


class SourceDoor(StrEnum):
    """How a vendor's message came in. The loader maps what has one of these doors by the source's folder."""

    WEBHOOK = "webhook"
    PULL = "pull"
    FILE = "file"
    SPAN = "span"


class SourceIntake:
    """Takes messages of any source. For any thread and any coroutine."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def keep(self, source: str, door: SourceDoor, bodies: Sequence[bytes]) -> None:
        """Append messages in order and wait until all are durable. Raises StoreError: keep the position, try again."""
        for frame in self._frames(source, door, bodies):
            self._journal.append(frame)

    async def keep_soon(self, source: str, door: SourceDoor, bodies: Sequence[bytes]) -> None:
        """Do what `keep` does, in a coroutine."""
        for frame in self._frames(source, door, bodies):
            await self._journal.append_soon(frame)

    def _frames(self, source: str, door: SourceDoor, bodies: Sequence[bytes]) -> Iterator[Frame]:
        at_ns = int(self._clock.now().timestamp() * 1000) * 1_000_000
        for part in _split(bodies):
            yield Frame(encode_bodies(part), source, door.value, at_ns, "event", len(part))


def _split(bodies: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    start = size = 0
    for place, body in enumerate(bodies):
        size += len(body)
        if place > start and (size > _FRAME_BYTES or place - start >= _FRAME_BODIES):
            yield bodies[start:place]
            start, size = place, len(body)
    if bodies:
        yield bodies[start:]
