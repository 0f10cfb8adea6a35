"""Days that differ from the usual week, as a file of the firm names them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

Hours = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DayList:
    """Closed days; half days with their hours; and stretches of a day, in local seconds, that are closed."""

    closed_on: frozenset[date] = frozenset()
    short_on: Mapping[date, Hours] = field(default_factory=dict)
    shut_on: Mapping[date, Hours] = field(default_factory=dict)


def cut(hours: Hours, shut: Iterable[tuple[int, int]]) -> Hours:
    """Take closed stretches out of the hours of a day."""
    left = hours
    for begins, ends in shut:
        pieces = [
            piece for opens, closes in left for piece in ((opens, min(closes, begins)), (max(opens, ends), closes))
        ]
        left = tuple((opens, closes) for opens, closes in pieces if opens < closes)
    return left
