"""The gauges of a running platform, for Prometheus: its loops, and the business in a few questions to the store.

Asked at every scrape, so they are never older than the scrape. When the store does not answer, its gauges are left out
and `billtrail_store_up` is 0: a failed question is never a zero.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from billtrail.errors import StoreError
from billtrail.platform.turn import LoopRecord
from billtrail.store import Store

PACKAGE = "billtrail.platform"

# Statement, metric, help, labels. Each statement answers its labels and `value`. Clocks and alerts are counted by their
# own rooms.
BUSINESS: Sequence[tuple[str, str, str, tuple[str, ...]]] = (
    ("open_lifecycles", "billtrail_lifecycles_open", "Open lifecycles.", ("kind",)),
    ("unbilled_amounts", "billtrail_unbilled_amount", "Approved and not invoiced.", ("currency",)),
    ("open_findings", "billtrail_findings_open", "Findings not resolved.", ("detector", "severity")),
    ("open_dead_letters", "billtrail_dead_letters_open", "Records that could not be used.", ("reason",)),
    ("source_lags", "billtrail_source_lag_seconds", "Since a source was last heard of.", ("source",)),
)


class LoopMetrics(Collector):
    """What the loops of this process did."""

    def __init__(self, records: Sequence[LoopRecord]) -> None:
        self._records = records

    def collect(self) -> Iterator[Metric]:
        turns = CounterMetricFamily("billtrail_loop_turns", "Steps done.", labels=["loop"])
        errors = CounterMetricFamily("billtrail_loop_errors", "Errors outlived.", labels=["loop"])
        last = GaugeMetricFamily("billtrail_loop_last_turn_timestamp_seconds", "End of the last step.", labels=["loop"])
        took = GaugeMetricFamily("billtrail_loop_last_turn_seconds", "What the last step took.", labels=["loop"])
        for record in self._records:
            turns.add_metric([record.name], record.turns)
            errors.add_metric([record.name], record.errors)
            last.add_metric([record.name], _seconds(record.last_turn_at))
            took.add_metric([record.name], record.last_turn_s)
        return iter((turns, errors, last, took))


class BusinessMetrics(Collector):
    """What the store says. Owns its lane to it; one scrape at a time asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()

    def describe(self) -> Iterable[Metric]:
        """Name nothing in advance: registering must not wait for the store."""
        return ()

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("billtrail_store_up", "Whether the store answered this scrape.")
        try:
            with self._lock:
                families = [self._ask(*question) for question in BUSINESS]
        except StoreError:
            up.add_metric([], 0)
            return iter((up,))
        up.add_metric([], 1)
        return iter((up, *families))

    def _ask(self, statement: str, name: str, text: str, labels: tuple[str, ...]) -> Metric:
        family = GaugeMetricFamily(name, text, labels=labels)
        for row in self._store.rows(PACKAGE, statement):
            family.add_metric([str(row[label]) for label in labels], float(row["value"]))
        return family


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
