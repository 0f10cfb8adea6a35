"""HubSpot's signatures, versions 1 to 3 (HubSpot, "Validating requests").

v3 signs method, address, body and timestamp, and is refused when older than five minutes. Of the address exactly twelve
escapes are undone, as HubSpot's own libraries do it. v1 and v2 are plain digests with the secret in front; they carry
no moment and count only where no v3 is sent.
"""

import hashlib
import re
from collections.abc import Sequence

from collector.webhook.compare import fits_any, make_hmac
from collector.webhook.knock import Knock, Verdict

_WINDOW_MS = 300_000
_DECODED = {"%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'", "%28": "(",
            "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";"}  # fmt: skip
_ESCAPE = re.compile("|".join(_DECODED), re.IGNORECASE)


class HubspotVerifier:
    """For the secret of the application."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        if sent := knock.headers.get("x-hubspot-signature-v3", ""):
            return self._verify_newest(knock, sent.strip(), secrets)
        sent = knock.headers.get("x-hubspot-signature", "").strip()
        if not sent:
            return Verdict.UNSIGNED
        place = b""
        if knock.headers.get("x-hubspot-signature-version", "v1").lower() == "v2":
            place = (knock.method + knock.url).encode()
        wanted = (hashlib.sha256(secret.encode() + place + knock.body).hexdigest() for secret in secrets)
        return Verdict.GENUINE if fits_any([sent], wanted) else Verdict.FORGED

    def _verify_newest(self, knock: Knock, sent: str, secrets: Sequence[str]) -> Verdict:
        at = knock.headers.get("x-hubspot-request-timestamp", "").strip()
        if not (at.isascii() and at.isdecimal() and len(at) < 16):
            return Verdict.FORGED
        signed = (knock.method + decode_url(knock.url)).encode() + knock.body + at.encode()
        if not fits_any([sent], [make_hmac(secret, signed, "base64") for secret in secrets]):
            return Verdict.FORGED
        if abs(knock.now_s * 1000 - int(at)) > _WINDOW_MS:
            return Verdict.STALE
        knock.once = sent
        return Verdict.GENUINE


def decode_url(url: str) -> str:
    """Undo the escapes HubSpot undoes, and no other."""
    return _ESCAPE.sub(lambda found: _DECODED[found.group().upper()], url)
