"""Comparing what was sent with what a secret makes of it, in constant time."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

ENCODINGS = ("hex", "base64")


def make_hmac(secret: str, message: bytes, encoding: str = "hex") -> str:
    """HMAC-SHA256 of a message, as text."""
    digest = hmac.digest(secret.encode(), message, hashlib.sha256)
    return base64.b64encode(digest).decode() if encoding == "base64" else digest.hex()


def fits_any(sent: Iterable[str], wanted: Iterable[str]) -> bool:
    """Tell whether one of the texts sent is one of those wanted, looking at every pair."""
    told = [text.encode() for text in sent if text]
    found = False
    for one in wanted:
        for text in told:
            found |= hmac.compare_digest(text, one.encode())
    return found
