"""Alertmanager: alerts posted to a real one (`POST /api/v2/alerts`), for those whose routes and silences are there.

The receiver is `alertmanager+http://host:9093`. Alertmanager forgets an alert that is not sent again; ours are sent
on news and at `repeat_interval`, so each carries an end two repeats away, and the real end once it is resolved.
"""

from datetime import timedelta
from typing import Any

from alerts.alert import Alert
from alerts.channels.http import JsonPoster
from alerts.channels.secrecy import redacted_name
from alerts.channels.webhook import instant
from alerts.message import Message
from alerts.settings import AlertsSettings
from billtrail.clock import Clock, SystemClock

PATH = "/api/v2/alerts"
BATCH = 500


class AlertmanagerChannel:
    """Posts every alert of a message, a batch at a time; grouping is then Alertmanager's own."""

    def __init__(self, url: str, settings: AlertsSettings, clock: Clock | None = None) -> None:
        target = url.partition("+")[2]
        self.name = redacted_name("alertmanager", target, shows_host=True)
        self._clock = clock or SystemClock()
        self._lasts = timedelta(seconds=2 * max(settings.repeat_interval_s, settings.group_interval_s))
        self._poster = JsonPoster(target.rstrip("/").removesuffix(PATH) + PATH, self.name, settings.delivery_timeout_s)

    def send(self, message: Message) -> None:
        firing_until = instant(self._clock.now() + self._lasts)
        posted = [
            _posted(alert, status, firing_until, message.link(alert)) for alert, status in message.shown(message.count)
        ]
        for start in range(0, len(posted), BATCH):
            self._poster.post(posted[start : start + BATCH])

    def close(self) -> None:
        self._poster.close()


def _posted(alert: Alert, status: str, firing_until: str, link: str) -> dict[str, Any]:
    ended_at = instant(alert.resolved_at or alert.started_at)
    annotations = {
        "summary": alert.summary,
        "runbook_url": alert.runbook,
        "value_at_risk": f"{alert.currency} {alert.value_at_risk}".strip(),
    }
    return {
        "labels": dict(alert.labels),
        "annotations": {name: value for name, value in annotations.items() if value},
        "startsAt": instant(alert.started_at),
        "endsAt": ended_at if status == "resolved" else firing_until,
        "generatorURL": link,
    }
