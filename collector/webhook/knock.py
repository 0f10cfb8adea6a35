"""A request at a source's door, as verifiers see it, and what a verifier says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """Why a request is let in or not. `UNSIGNED`: the verifier found nothing it could check."""

    GENUINE = "genuine"
    UNSIGNED = "unsigned"
    FORGED = "forged"
    STALE = "stale"
    REPLAYED = "replayed"


@dataclass(slots=True)
class Knock:
    """`headers` have lower-case names, `url` is the one the vendor called, `now_s` seconds since 1970.

    `once` is what a verifier leaves there: a signature made for this one delivery, that is not let in twice.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    now_s: float
    once: str = ""


class Verifier(Protocol):
    """Knows one way to recognise a sender. Remembers nothing."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        """Tell whether any of the secrets fits. Compares in constant time, never raises on what a sender wrote."""
        ...
