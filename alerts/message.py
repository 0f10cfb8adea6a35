"""What a receiver is told: one group of alerts at one moment, the most money first, in no channel's format yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from alerts.alert import Alert, by_money, value_by_currency
from alerts.settings import AlertsSettings
from alerts.summary import money_words


@dataclass(frozen=True, slots=True)
class Message:
    """All of a group, ranked by money. Most channels show `max_alerts` of them, firing ones first."""

    notification_id: str
    kind: str
    group_key: str
    group_labels: Mapping[str, str]
    firing: tuple[Alert, ...]
    resolved: tuple[Alert, ...]
    max_alerts: int
    value_at_risk: Mapping[str, Decimal]
    dashboards_url: str

    @property
    def status(self) -> str:
        return "firing" if self.firing else "resolved"

    @property
    def count(self) -> int:
        return len(self.firing) + len(self.resolved)

    def shown(self, limit: int | None = None) -> list[tuple[Alert, str]]:
        """The first alerts with what this message says of each: firing or resolved, whatever became of it since."""
        all_of_them = [(alert, "firing") for alert in self.firing] + [(alert, "resolved") for alert in self.resolved]
        return all_of_them[: self.max_alerts if limit is None else limit]

    @property
    def title(self) -> str:
        """One line: what, for whom, how many, how much."""
        counts = [
            f"{count} {word}"
            for count, word in ((len(self.firing), "firing"), (len(self.resolved), "resolved"))
            if count
        ]
        about = " ".join(value for value in self.group_labels.values() if value) or "all alerts"
        again = "still " if self.kind == "repeat" else ""
        parts = [f"[{again}{', '.join(counts)}] {about}", self.money]
        return ", ".join(part for part in parts if part)

    @property
    def money(self) -> str:
        worth = [money_words(amount, currency) for currency, amount in self.value_at_risk.items()]
        return f"{' and '.join(worth)} at risk" if worth else ""

    def link(self, alert: Alert) -> str:
        """Address the page that shows the subject of an alert; empty when no dashboards are configured."""
        return trace_link(self.dashboards_url, alert.subject)


def compose(
    notification_id: str,
    kind: str,
    group: tuple[str, Mapping[str, str]],
    alerts: tuple[Sequence[Alert], Sequence[Alert]],
    settings: AlertsSettings,
) -> Message:
    """Rank and sum. `group` is its key and labels, `alerts` the firing and the resolved ones."""
    firing, resolved = (sorted(part, key=by_money) for part in alerts)
    return Message(
        notification_id=notification_id,
        kind=kind,
        group_key=group[0],
        group_labels=dict(group[1]),
        firing=tuple(firing),
        resolved=tuple(resolved),
        max_alerts=settings.max_alerts,
        value_at_risk=value_by_currency(firing),
        dashboards_url=settings.dashboards_url,
    )


def trace_link(dashboards_url: str, subject: str) -> str:
    """Address the trace page of one object key."""
    return f"{dashboards_url.rstrip('/')}/trace?id={quote(subject, safe='')}" if dashboards_url else ""
