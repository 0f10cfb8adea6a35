"""Apprise: Slack, Microsoft Teams, PagerDuty, Opsgenie, e-mail and the rest, by their apprise URL.

https://github.com/caronc/apprise/wiki lists the URLs. Apprise answers yes or no, so a failure is tried again until it
is given up; the receiver's status is read from what apprise says about it, everything else it says is dropped.
"""

import logging
import re

import apprise

from alerts.alert import Alert
from alerts.channels.secrecy import redacted_name
from alerts.message import Message
from alerts.settings import AlertsSettings
from billtrail.errors import DeliveryError, SettingsError

SHOWN = 10
_STATUS = re.compile(r"error=(\d+)")


class AppriseChannel:
    """Hands messages to one service through apprise."""

    def __init__(self, url: str, settings: AlertsSettings) -> None:
        scheme = url.partition("://")[0].lower()
        self.name = redacted_name(scheme if scheme.isalnum() else "receiver", url, shows_host=False)
        self._timeout_s = settings.delivery_timeout_s
        self._apprise = apprise.Apprise()
        if not self._apprise.add(url):
            raise SettingsError(
                f"setting alerts.receivers: {self.name} is not a URL that apprise knows",
                hint="see https://github.com/caronc/apprise/wiki for the URLs; the URL itself is not shown here",
            )

    def send(self, message: Message) -> None:
        said: list[str] = []
        result = self._apprise.notify(
            title=message.title,
            body=text_body(message),
            notify_type=_type(message),
            body_format=apprise.NotifyFormat.TEXT,
            timeout=self._timeout_s,
            log_callback=lambda entry, _service: said.append(entry.message),
            log_level=logging.WARNING,
        )
        if not result:
            raise DeliveryError(f"{self.name} {_why(said)}")

    def close(self) -> None:
        """Apprise holds nothing between two messages."""


def text_body(message: Message) -> str:
    """Write a message as plain text, the ten most valuable alerts in full."""
    lines = [_line(alert, "", message) for alert in message.firing[:SHOWN]]
    lines += [_line(alert, "resolved: ", message) for alert in message.resolved[: SHOWN - len(lines)]]
    more = message.firing_count + message.resolved_count - len(lines)
    return "\n".join([*lines, f"and {more} more"] if more else lines)


def _line(alert: Alert, prefix: str, message: Message) -> str:
    parts = [f"{prefix}{alert.summary}", alert.runbook and f"runbook {alert.runbook}", message.link(alert)]
    return " | ".join(part for part in parts if part)


def _type(message: Message) -> apprise.NotifyType:
    if message.status == "resolved":
        return apprise.NotifyType.SUCCESS
    is_critical = any(alert.severity == "critical" for alert in message.firing)
    return apprise.NotifyType.FAILURE if is_critical else apprise.NotifyType.WARNING


def _why(said: list[str]) -> str:
    found = _STATUS.search(" ".join(said))
    return f"answered {found.group(1)}" if found else "was not reached or refused"
