"""Apprise: Slack, Microsoft Teams, PagerDuty, Opsgenie, e-mail and the rest, by their apprise URL.

https://github.com/caronc/apprise/wiki lists the URLs. Apprise answers yes or no, so a failure is tried again until it
is given up. What apprise logs may hold the URL: it is listened to for the receiver's status and dropped, all of it.
"""

import logging
import re
from contextvars import ContextVar

import apprise

from alerts.alert import Alert
from alerts.channels.secrecy import redacted_name
from alerts.message import Message
from alerts.settings import AlertsSettings
from billtrail.errors import DeliveryError, SettingsError

SHOWN = 10
_STATUS = re.compile(r"error=(\d{3})\b")

# Apprise copies the context into its threads: what they log ends up in the list of the message being sent.
_statuses: ContextVar[list[str] | None] = ContextVar("apprise_statuses", default=None)


class AppriseChannel:
    """Hands messages to one service through apprise."""

    def __init__(self, url: str, settings: AlertsSettings) -> None:
        logging.getLogger("apprise").addFilter(_listen)
        self._timeout_s = settings.delivery_timeout_s
        self._apprise = apprise.Apprise()
        if not self._apprise.add(url):
            raise SettingsError(
                "this is not a URL that apprise knows",
                hint="see https://github.com/caronc/apprise/wiki for the URLs; what was given is not shown here",
            )
        self.name = redacted_name(url.partition("://")[0].lower(), url, shows_host=False)

    def send(self, message: Message) -> None:
        statuses: list[str] = []
        token = _statuses.set(statuses)
        try:
            is_sent = bool(self._notify(message))
        finally:
            _statuses.reset(token)
        if not is_sent:
            why = f"answered {statuses[-1]}" if statuses else "was not reached or refused"
            raise DeliveryError(f"{self.name} {why}")

    def _notify(self, message: Message) -> object:
        return self._apprise.notify(
            title=message.title,
            body=text_body(message),
            notify_type=_type(message),
            body_format=apprise.NotifyFormat.TEXT,
            timeout=self._timeout_s,
        )

    def close(self) -> None:
        """Apprise holds nothing between two messages."""


def text_body(message: Message) -> str:
    """Write a message as plain text, the ten most valuable alerts in full."""
    shown = message.shown(min(SHOWN, message.max_alerts))
    lines = [_line(alert, "resolved: " if status == "resolved" else "", message) for alert, status in shown]
    more = message.count - len(lines)
    return "\n".join([*lines, f"and {more} more"] if more else lines)


def _line(alert: Alert, prefix: str, message: Message) -> str:
    parts = [f"{prefix}{alert.summary}", alert.runbook and f"runbook {alert.runbook}", message.link(alert)]
    return " | ".join(part for part in parts if part)


def _type(message: Message) -> apprise.NotifyType:
    if message.status == "resolved":
        return apprise.NotifyType.SUCCESS
    is_critical = any(alert.severity == "critical" for alert in message.firing)
    return apprise.NotifyType.FAILURE if is_critical else apprise.NotifyType.WARNING


def _listen(record: logging.LogRecord) -> bool:
    statuses = _statuses.get()
    if statuses is not None:
        statuses.extend(_STATUS.findall(record.getMessage()))
    return False
