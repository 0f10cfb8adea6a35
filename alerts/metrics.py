"""What the alerts room says about itself to Prometheus. Bounded: names come from declared SLAs and detectors, channels
from settings; no subject, client or contract becomes a label.
"""

from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from alerts.alert import Alert, value_by_currency
from alerts.condition import Reason

QUIET = frozenset({Reason.UNCHANGED, Reason.NOTHING_OPEN})


class AlertMetrics:
    """The room's metrics in one registry. One object per registry."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = CollectorRegistry() if registry is None else registry
        self._open = Gauge("billtrail_alerts_open", "Open alerts", ["alertname", "severity"], registry=registry)
        self._value = Gauge(
            "billtrail_alerts_value_at_risk",
            "Value at risk of open alerts, a subject once",
            ["currency"],
            registry=registry,
        )
        self._decisions = Counter("billtrail_alert_decisions", "Decisions on alerts", ["reason"], registry=registry)
        self._attempts = Counter(
            "billtrail_notification_attempts", "Attempts to notify", ["channel", "outcome"], registry=registry
        )
        self._pending = Gauge("billtrail_notifications_pending", "Notifications in the outbox", registry=registry)
        self._latency = Histogram(
            "billtrail_notification_delay_seconds",
            "From planned to handed to the channel",
            registry=registry,
            buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600),
        )

    def decided(self, reasons: Iterable[Reason]) -> None:
        for reason, count in Tally(reason for reason in reasons if reason not in QUIET).items():
            self._decisions.labels(str(reason)).inc(count)

    def attempted(self, channel: str, outcome: str) -> None:
        self._attempts.labels(channel, outcome).inc()

    def delayed(self, seconds: float) -> None:
        self._latency.observe(max(seconds, 0.0))

    def stand(self, open_alerts: Iterable[Alert], pending: int) -> None:
        """Show what is open and what is still to be said."""
        alerts = list(open_alerts)
        self._open.clear()
        for (name, severity), count in Tally((alert.name, alert.severity) for alert in alerts).items():
            self._open.labels(name, severity).set(count)
        self._value.clear()
        for currency, amount in value_by_currency(alerts).items():
            self._value.labels(currency).set(float(amount))
        self._pending.set(pending)
