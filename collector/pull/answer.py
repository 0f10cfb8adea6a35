"""One request to a vendor and what came back, or why nothing did, in words a poller can decide on."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

from billtrail.clock import Clock
from billtrail.errors import DeliveryError
from collector.pull.backoff import read_retry_after

MAX_ANSWER_BYTES = 64 << 20


class Outcome(StrEnum):
    """What came of a request."""

    GOOD = "good"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    UNAUTHORIZED = "unauthorized"
    EXPIRED = "expired"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is what a good answer holds; `wait_s` how long the vendor asks to wait, 0 when it does not."""

    outcome: Outcome
    body: Any = None
    wait_s: float = 0
    detail: str = ""
    status: int = 0


def ask(client: httpx.Client, request: httpx.Request, auth: httpx.Auth | None, clock: Clock) -> Answer:
    """Send a request and read the answer, of at most 64 MiB. Raises SettingsError where a credential is missing."""
    try:
        response = client.send(request, auth=auth or httpx.USE_CLIENT_DEFAULT, stream=True)
        try:
            return _read(response, clock)
        finally:
            response.close()
    except httpx.HTTPError as error:
        return Answer(Outcome.UNAVAILABLE, detail=f"{type(error).__name__}: {error}")
    except DeliveryError as error:
        return Answer(Outcome.UNAUTHORIZED, detail=str(error))


def _read(response: httpx.Response, clock: Clock) -> Answer:
    status, wait_s = response.status_code, read_retry_after(response.headers.get("retry-after", ""), clock.now())
    if not response.is_success:
        return Answer(_judge(status, wait_s), wait_s=wait_s, detail=f"status {status}", status=status)
    data = bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > MAX_ANSWER_BYTES:
            return Answer(Outcome.UNREADABLE, detail=f"the answer has more than {MAX_ANSWER_BYTES} bytes")
    try:
        return Answer(Outcome.GOOD, json.loads(bytes(data)) if data.strip() else {})
    except (ValueError, RecursionError) as error:
        return Answer(Outcome.UNREADABLE, detail=f"the answer is no JSON: {error}")


def _judge(status: int, wait_s: float) -> Outcome:
    if status == httpx.codes.TOO_MANY_REQUESTS or (status == httpx.codes.SERVICE_UNAVAILABLE and wait_s):
        return Outcome.RATE_LIMITED
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Outcome.UNAUTHORIZED
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        return Outcome.UNAVAILABLE
    return Outcome.REFUSED
