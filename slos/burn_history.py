"""Which alerts on a budget would have fired over a history: the decision of `slos.burn`, at every promise decided.

Pure. An alert's answer can only change when a promise is decided or leaves a window: those instants are looked at.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from slos.budget import Count, weigh
from slos.burn import BurnTable, BurnWindow, judge_burn
from slos.objective import BudgetMethod, Component, Objective


class Decided(NamedTuple):
    """A promise and when it was decided."""

    at: datetime
    is_kept: bool


class BurnPage(NamedTuple):
    """An alert that fired, and until when; None while it still did at the end."""

    window: BurnWindow
    starts_at: datetime
    ends_at: datetime | None


def find_burn_pages(
    objective: Objective, table: BurnTable, promises: Mapping[str, Sequence[Decided]]
) -> list[BurnPage]:
    """Find every alert of a table that would have fired. Shape of `promises`: SLA to what was decided of it.

    Cost: some look-ups for every promise and window.
    """
    series = [_Series(part, objective.method, promises.get(part.sla, ())) for part in objective.components]
    return [page for window in table.windows for page in _find(objective, table, window, series)]


class _Series:
    """The promises of one component in order, and how many of the first ones were late."""

    def __init__(self, part: Component, method: BudgetMethod, promises: Sequence[Decided]) -> None:
        ordered = sorted(promises)
        self.weight = part.weight
        self.instants = [promise.at for promise in ordered]
        self._late = [0, *accumulate(not promise.is_kept for promise in ordered)]
        self._part = part
        self._method = method
        self._slices = [int(at.timestamp() * 1000) // part.slice_ms for at in self.instants] if part.slice_ms else []

    def count(self, at: datetime, length_ms: int) -> Count:
        """Count the stretch that ends with an instant as `count_decided.sql` does."""
        first = bisect_left(self.instants, at - timedelta(milliseconds=length_ms))
        last = bisect_right(self.instants, at)
        if self._method is BudgetMethod.OCCURRENCES:
            bad = self._late[last] - self._late[first]
            return Count(last - first - bad, bad, last - first)
        shares = list(self._shares(first, last))
        is_whole = self._method is BudgetMethod.TIME_SLICES
        good = sum(share >= self._part.slice_target_ratio if is_whole else share for share in shares)
        return Count(good, len(shares) - good, last - first)

    def _shares(self, first: int, last: int) -> Iterator[float]:
        """The share that was kept of each slice."""
        while first < last:
            end = bisect_left(self._slices, self._slices[first] + 1, first, last)
            yield (end - first - (self._late[end] - self._late[first])) / (end - first)
            first = end


def _find(objective: Objective, table: BurnTable, window: BurnWindow, series: list[_Series]) -> Iterator[BurnPage]:
    threshold = window.rate_for(objective.window.nominal_days)
    after = [timedelta(), *(timedelta(milliseconds=ms + 1) for ms in (window.long_ms, window.short_ms))]
    instants = {instant + length for one in series for instant in one.instants for length in after}
    since: datetime | None = None
    for at in sorted(instants):
        long, short = (
            weigh([(one.weight, one.count(at, ms)) for one in series]) for ms in (window.long_ms, window.short_ms)
        )
        is_firing = judge_burn(long, short, objective.target_ratio, threshold, table.minimum_sample).is_firing
        if is_firing and since is None:
            since = at
        elif not is_firing and since is not None:
            yield BurnPage(window, since, at)
            since = None
    if since is not None:
        yield BurnPage(window, since, None)
