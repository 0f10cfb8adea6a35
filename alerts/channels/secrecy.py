"""Keeping what is in a receiver's URL out of names, errors and other people's log lines.

The libraries below log URLs (httpx at INFO, urllib3 at DEBUG). While a message is being handed over, what they log is
dropped; `alerts.channels.apprise` silences apprise altogether. The mark is a context variable because apprise copies
the context into its own threads.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

LOUD_LIBRARIES = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "urllib3.connectionpool")

_is_delivering: ContextVar[bool] = ContextVar("is_delivering", default=False)


def redacted_name(kind: str, url: str, *, shows_host: bool) -> str:
    """Name a receiver: what it is, its host where that is no secret, and four digits that tell two apart."""
    parts = urlsplit(url)
    host = f":{parts.hostname}" if shows_host and parts.hostname else ""
    return f"{kind}{host}#{hashlib.sha256(url.encode()).hexdigest()[:4]}"


def hush_libraries() -> None:
    """Install the filters. Calling it again changes nothing."""
    for name in LOUD_LIBRARIES:
        logger = logging.getLogger(name)
        if _is_harmless not in logger.filters:
            logger.addFilter(_is_harmless)


@contextmanager
def delivering() -> Iterator[None]:
    """Mark that a secret is in use in this context."""
    token = _is_delivering.set(True)
    try:
        yield
    finally:
        _is_delivering.reset(token)


def _is_harmless(record: logging.LogRecord) -> bool:
    return not _is_delivering.get()
