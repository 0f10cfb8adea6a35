"""The gauges of a running platform, for Prometheus: its loops, and the business in a few questions to the store.

The store is asked by a loop of its own, every few seconds, so that a scrape never waits for it and never holds up the
doors beside it. When the store does not answer, its gauges are left out and `billtrail_store_up` is 0: a failed
question is never a zero. Clocks and alerts are counted by their own rooms.
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
EVERY_S = 5.0

# Statement, metric, help, labels. Each statement answers its labels and `value`.
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
    """What the store said last. `store` is its own lane."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._families: list[Metric] = []
        self._is_up = False

    def run_forever(self, stop: threading.Event) -> None:
        """Ask every few seconds until told to stop."""
        while not stop.is_set():
            self.step()
            stop.wait(EVERY_S)

    def step(self) -> int:
        """Ask once. Answers how many gauges there are. Raises StoreError after saying that the store is away."""
        try:
            self._families = [self._ask(*question) for question in BUSINESS]
        except StoreError:
            self._families, self._is_up = [], False
            raise
        self._is_up = True
        return len(self._families)

    def describe(self) -> Iterable[Metric]:
        """Name nothing in advance: what there is depends on the store."""
        return ()

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("billtrail_store_up", "Whether the store answered the last questions.")
        up.add_metric([], int(self._is_up))
        return iter((up, *self._families))

    def _ask(self, statement: str, name: str, text: str, labels: tuple[str, ...]) -> Metric:
        family = GaugeMetricFamily(name, text, labels=labels)
        for row in self._store.rows(PACKAGE, statement):
            family.add_metric([str(row[label]) for label in labels], float(row["value"]))
        return family


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
