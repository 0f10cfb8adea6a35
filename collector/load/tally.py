"""What became of the messages of a source in one segment, or in several."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """Events told, new or not; messages that mean nothing here; messages that became dead letters."""

    source: str
    events: int = 0
    ignored: int = 0
    rejected: int = 0


def add_tallies(*parts: Sequence[Tally]) -> list[Tally]:
    """Add tallies up, one for each source."""
    sums: dict[str, Tally] = {}
    for tally in (tally for part in parts for tally in part):
        so_far = sums.get(tally.source, Tally(tally.source))
        sums[tally.source] = Tally(
            tally.source,
            so_far.events + tally.events,
            so_far.ignored + tally.ignored,
            so_far.rejected + tally.rejected,
        )
    return list(sums.values())
