"""What the SLA room shows of itself to Prometheus: clocks by SLA and state, verdicts, time spent, document problems.

Labels are bounded by the number of SLA documents times the eight states, and the lengths of the burn windows. The
registry is handed in; without one the metrics are kept and shown nowhere.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from billtrail.model.vocabulary import ClockState
from billtrail.store import Row, Store
from slos.duration import format_open_time

PACKAGE = "slos"
SHOW_EVERY = timedelta(seconds=15)


class SloMetrics:
    """Counted anew at most every fifteen seconds, and only after something was written."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        self._clocks = Gauge("billtrail_sla_clocks", "Clocks by SLA and state", ["sla", "state"], registry=registry)
        self._verdicts = Counter("billtrail_sla_verdicts", "Verdicts written", registry=registry)
        self.problems = Gauge("billtrail_sla_document_problems", "Mistakes in SLA documents", registry=registry)
        self.step_seconds = Histogram("billtrail_sla_step_seconds", "Time of one judging step", registry=registry)
        self._remaining = Gauge(
            "billtrail_sla_budget_remaining_ratio", "Error budget left, 1 is all", ["sla"], registry=registry
        )
        self._target = Gauge("billtrail_sla_target_ratio", "Share that is to be kept", ["sla"], registry=registry)
        self._decided = Gauge(
            "billtrail_sla_decided",
            "Promises or slices in the window, kept and late",
            ["sla", "outcome"],
            registry=registry,
        )
        self._burn_rate = Gauge(
            "billtrail_sla_burn_rate",
            "How fast the budget burns, 1 lasts its window",
            ["sla", "window"],
            registry=registry,
        )
        self._burn_promises = Gauge(
            "billtrail_sla_burn_promises", "Promises decided in the long window", ["sla", "window"], registry=registry
        )
        self._is_stale = True
        self._shown_at: datetime | None = None
        self._shown: dict[Gauge, set[tuple[str, ...]]] = {}

    def note_verdicts(self, written: int) -> None:
        self._verdicts.inc(written)
        self._is_stale = self._is_stale or written > 0

    def show_clocks(self, store: Store, now: datetime) -> None:
        """Set the gauges when they may have changed. Cost: two columns of all clocks."""
        if not self._is_stale or (self._shown_at and now - self._shown_at < SHOW_EVERY):
            return
        counts = {(row["sla"], row["state"]): row["clocks"] for row in store.rows(PACKAGE, "count_states")}
        slas = {sla for sla, _ in counts}
        self._show(
            self._clocks,
            {(sla, state.value): counts.get((sla, state.value), 0) for sla in slas for state in ClockState},
        )
        self._is_stale, self._shown_at = False, now

    def show_budgets(self, budgets: Collection[Row], burns: Collection[Row]) -> None:
        """Set the gauges of the budgets, those of all SLAs at once. `window` is a length such as 6h."""
        decided: dict[tuple[str, ...], float] = {}
        rates: dict[tuple[str, ...], float] = {}
        promises: dict[tuple[str, ...], float] = {}
        for row in budgets:
            decided[row["sla"], "kept"], decided[row["sla"], "late"] = row["good"], row["bad"]
        for row in burns:
            long, short = format_open_time(row["long_ms"]), format_open_time(row["short_ms"])
            rates[row["sla"], long], rates[row["sla"], short] = row["long_rate"], row["short_rate"]
            promises[row["sla"], long] = row["promises"]
        self._show(self._remaining, {(row["sla"],): row["remaining_ratio"] for row in budgets})
        self._show(self._target, {(row["sla"],): row["target_ratio"] for row in budgets})
        self._show(self._decided, decided)
        self._show(self._burn_rate, rates)
        self._show(self._burn_promises, promises)

    def _show(self, gauge: Gauge, values: Mapping[tuple[str, ...], float]) -> None:
        """Set what there is and take away what is gone: the last value of an SLA that was removed says nothing."""
        for labels in self._shown.get(gauge, set()) - values.keys():
            gauge.remove(*labels)
        for labels, value in values.items():
            gauge.labels(*labels).set(value)
        self._shown[gauge] = set(values)
