"""Which alerts on a budget would have fired over a history: the decision of `slos.burn`, at every promise decided.

Pure. An alert's answer can only change when a promise is decided or leaves a window: those instants are looked at.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from slos.budget import Count
from slos.burn import BurnTable, BurnWindow, judge_burn
from slos.objective import Objective


class Decided(NamedTuple):
    """A promise and when it was decided."""

    at: datetime
    is_kept: bool


class BurnPage(NamedTuple):
    """An alert that fired, and until when; None while it still did at the end."""

    window: BurnWindow
    starts_at: datetime
    ends_at: datetime | None


def find_burn_pages(objective: Objective, table: BurnTable, promises: Sequence[Decided]) -> list[BurnPage]:
    """Find every alert of a table that would have fired. Cost: some look-ups for every promise and window."""
    ordered = sorted(promises)
    instants = [promise.at for promise in ordered]
    late = [0, *accumulate(not promise.is_kept for promise in ordered)]
    return [page for window in table.windows for page in _find(objective, table, window, _Series(instants, late))]


class _Series:
    def __init__(self, instants: list[datetime], late: list[int]) -> None:
        self.instants = instants
        self._late = late

    def count(self, at: datetime, length_ms: int) -> Count:
        first = bisect_left(self.instants, at - timedelta(milliseconds=length_ms))
        last = bisect_right(self.instants, at)
        bad = self._late[last] - self._late[first]
        return Count(last - first - bad, bad, last - first)


def _find(objective: Objective, table: BurnTable, window: BurnWindow, series: _Series) -> Iterator[BurnPage]:
    threshold = window.rate_for(objective.window.nominal_days)
    lengths = [timedelta(milliseconds=ms + 1) for ms in (window.long_ms, window.short_ms)]
    instants = {at for instant in series.instants for at in (instant, *(instant + length for length in lengths))}
    since: datetime | None = None
    for at in sorted(instants):
        long, short = series.count(at, window.long_ms), series.count(at, window.short_ms)
        is_firing = judge_burn(long, short, objective.target_ratio, threshold, table.minimum_sample).is_firing
        if is_firing and since is None:
            since = at
        elif not is_firing and since is not None:
            yield BurnPage(window, since, at)
            since = None
    if since is not None:
        yield BurnPage(window, since, None)
