"""Webhook: the JSON that Alertmanager's webhook receiver posts (version 4), plus `value_at_risk`.

Anything made to listen to Alertmanager can listen here. The shape:
https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. Added: `value_at_risk` per currency at the
top, `value_at_risk` and `currency` per alert, `notification_id` (the same when a message is sent twice).
"""

from datetime import UTC, datetime
from typing import Any

from alerts.alert import Alert
from alerts.channels.http import JsonPoster
from alerts.channels.secrecy import redacted_name
from alerts.message import Message
from alerts.settings import AlertsSettings

NEVER = "0001-01-01T00:00:00Z"  # how Alertmanager writes that there is no end yet


class WebhookChannel:
    """Posts to one URL; user and password in it become basic authentication."""

    def __init__(self, url: str, settings: AlertsSettings) -> None:
        self.name = redacted_name("webhook", url, shows_host=True)
        self._poster = JsonPoster(url, self.name, settings.delivery_timeout_s)

    def send(self, message: Message) -> None:
        self._poster.post(webhook_body(message, self.name))

    def close(self) -> None:
        self._poster.close()


def webhook_body(message: Message, receiver: str) -> dict[str, Any]:
    """Write a message as Alertmanager does."""
    alerts = message.shown()
    labels = [dict(alert.labels) for alert, _ in message.shown(message.count)]
    return {
        "version": "4",
        "groupKey": f"{{}}:{message.group_key}",
        "truncatedAlerts": message.count - len(alerts),
        "status": message.status,
        "receiver": receiver,
        "groupLabels": dict(message.group_labels),
        "commonLabels": _common(labels),
        "commonAnnotations": {"summary": message.title},
        "externalURL": message.dashboards_url,
        "alerts": [alert_body(alert, status, message.link(alert)) for alert, status in alerts],
        "value_at_risk": {currency: str(amount) for currency, amount in message.value_at_risk.items()},
        "notification_id": message.notification_id,
    }


def alert_body(alert: Alert, status: str, link: str) -> dict[str, Any]:
    """Write one alert as Alertmanager does. `status` is what this message says, whatever became of the alert since."""
    ended_at = alert.resolved_at if status == "resolved" else None
    annotations = {"summary": alert.summary, "runbook_url": alert.runbook, "acknowledged_by": alert.acknowledged_by}
    return {
        "status": status,
        "labels": dict(alert.labels),
        "annotations": {name: value for name, value in annotations.items() if value},
        "startsAt": instant(alert.started_at),
        "endsAt": instant(ended_at) if ended_at else NEVER,
        "generatorURL": link,
        "fingerprint": alert.fingerprint,
        "value_at_risk": str(alert.value_at_risk),
        "currency": alert.currency,
    }


def instant(at: datetime) -> str:
    """Write an instant as RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _common(labels: list[dict[str, str]]) -> dict[str, str]:
    """The labels all alerts share."""
    first, *others = labels
    return {name: value for name, value in first.items() if all(one.get(name) == value for one in others)}
