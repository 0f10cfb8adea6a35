"""What an operator decides about alerts: who is told, how alerts are gathered, how often they are repeated.

The words and their meaning are Alertmanager's (https://prometheus.io/docs/alerting/latest/configuration/#route).
A receiver is a URL and may hold a secret: it is never printed, `alerts.channels` names it by a redacted name.
"""

import json
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, SecretStr

from billtrail.errors import SettingsError
from billtrail.settings import RoomSettings


def _as_urls(given: Any) -> Any:
    """Accept one URL, a JSON list as text (for the environment, when a URL holds a comma), or a list.

    Raises SettingsError itself: pydantic's own message would show the value.
    """
    if isinstance(given, str):
        given = _read_list(given) if given.startswith("[") else [given]
    if not isinstance(given, list | tuple) or not all(isinstance(url, str | SecretStr) for url in given):
        raise SettingsError("setting alerts.receivers: expected a list of URLs; what was given is not shown here")
    return tuple(given)


def _read_list(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


class AlertsSettings(RoomSettings):
    """`receivers`: `console:`, `http(s)://…` (webhook), `alertmanager+http(s)://…`, anything else is an apprise URL.

    `group_wait_s` is shorter than Alertmanager's 30 s because evaluation already batches; `group_interval_s` and
    `repeat_interval_s` are its defaults. `max_alerts` bounds one message, the most valuable first.
    """

    section: ClassVar[str] = "alerts"

    receivers: Annotated[tuple[SecretStr, ...], BeforeValidator(_as_urls)] = (SecretStr("console:"),)
    group_by: tuple[str, ...] = ("alertname", "owner")
    group_wait_s: float = Field(default=1.0, ge=0)
    group_interval_s: float = Field(default=300.0, gt=0)
    repeat_interval_s: float = Field(default=14_400.0, gt=0)
    evaluate_every_ms: int = Field(default=500, ge=10)
    sweep_every_s: float = Field(default=300.0, gt=0)
    runbook_base_url: str = ""
    dashboards_url: str = ""
    max_alerts: int = Field(default=100, ge=1)
    delivery_timeout_s: float = Field(default=10.0, gt=0)
    delivery_patience_ms: int = Field(default=200, ge=0)
    retry_first_s: float = Field(default=1.0, gt=0)
    retry_longest_s: float = Field(default=300.0, gt=0)
    give_up_after_s: float = Field(default=3_600.0, gt=0)
