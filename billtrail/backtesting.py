"""Backtests of a changed journey: the stored events are correlated again by it before they are judged again.

The roof's part of `slos.backtest`: that room does not know the correlators.
"""

from pathlib import Path

from billtrail.clock import Clock
from billtrail.store import Store
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings


class JourneyChange:
    """Correlates a history by the journeys of a folder, in the process and the store of the backtest."""

    tables = ("event_versions", "object_declarations", "span_links", "segment_ledger", "sla_exclusions")
    """What there has to be of a history."""

    def __init__(self, journeys: Path) -> None:
        self._settings = CorrelatorsSettings(journeys=journeys)

    def __call__(self, store: Store, clock: Clock) -> None:
        Correlators(store, clock, self._settings).drain()
