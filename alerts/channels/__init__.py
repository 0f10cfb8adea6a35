"""Where messages go, one kind of receiver a file. A receiver is a URL; its scheme says which file furnishes it."""

from collections.abc import Callable

from pydantic import SecretStr

from alerts.channels.alertmanager import AlertmanagerChannel
from alerts.channels.apprise import AppriseChannel
from alerts.channels.channel import Channel
from alerts.channels.console import ConsoleChannel
from alerts.channels.secrecy import hush_libraries
from alerts.channels.webhook import WebhookChannel
from alerts.settings import AlertsSettings
from billtrail.errors import SettingsError

Opener = Callable[[str, AlertsSettings], Channel]

OPENERS: dict[str, Opener] = {
    "console": ConsoleChannel,
    "http": WebhookChannel,
    "https": WebhookChannel,
    "alertmanager+http": AlertmanagerChannel,
    "alertmanager+https": AlertmanagerChannel,
}

__all__ = ["Channel", "open_channels"]


def open_channels(settings: AlertsSettings) -> dict[str, Channel]:
    """Open every receiver once, by its redacted name. Raises SettingsError, without the URL, when one cannot be."""
    hush_libraries()
    channels = [_open(number, receiver, settings) for number, receiver in enumerate(settings.receivers)]
    return {channel.name: channel for channel in channels}


def _open(number: int, receiver: SecretStr, settings: AlertsSettings) -> Channel:
    url = receiver.get_secret_value().strip()
    opener: Opener = OPENERS.get(url.partition(":")[0].lower(), AppriseChannel)
    try:
        return opener(url, settings)
    except SettingsError as error:
        raise SettingsError(f"setting alerts.receivers[{number}]: {error}", hint=error.hint) from None
