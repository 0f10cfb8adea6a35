"""Posting JSON to a receiver, and what its answer means.

2xx: done. 408, 429 and 5xx, and no answer at all: try again, after `Retry-After` where it is given. Anything else: the
same request will not be taken later either.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from alerts.channels.channel import RetryLater
from billtrail.errors import DeliveryError, SettingsError

TRANSIENT_4XX = frozenset({408, 429})


class JsonPoster:
    """One HTTP client for one receiver."""

    def __init__(self, url: str, name: str, timeout_s: float) -> None:
        self._name = name
        self._url = _checked(url, name)
        self._client = httpx.Client(timeout=timeout_s)

    def post(self, body: Any) -> None:
        """Post one body. Raises DeliveryError."""
        try:
            response = self._client.post(self._url, json=body)
        except httpx.TransportError as error:
            raise DeliveryError(f"{self._name} did not answer: {type(error).__name__}") from None
        self._judge(response)

    def _judge(self, response: httpx.Response) -> None:
        status = response.status_code
        if 200 <= status < 300:
            return
        text = f"{self._name} answered {status}"
        if status not in TRANSIENT_4XX and status < 500:
            raise DeliveryError(text, is_permanent=True)
        after_s = retry_after_s(response.headers, datetime.now(UTC))
        raise RetryLater(text, after_s=after_s) if after_s else DeliveryError(text)

    def close(self) -> None:
        self._client.close()


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float:
    """Read `Retry-After`, seconds or a date (RFC 9110, 10.2.3). Absent or unreadable: 0."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max((at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds(), 0.0)


def _checked(url: str, name: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if not parsed.host or any(letter.isspace() for letter in url):
        raise SettingsError(f"{name} is not a usable URL", hint="expected http(s)://host/path")
    return parsed
