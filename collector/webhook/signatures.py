"""Signatures over a body with a shared secret.

Sources: DocuSign, "HMAC security in Connect" (one header for each active key); Atlassian, "Secure webhooks"
(`X-Hub-Signature`, method as prefix); Billtrail's own contract, for senders the firm writes:
`Billtrail-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of t.body>`.
"""

from collections.abc import Mapping, Sequence

from collector.webhook.compare import fits_any, make_hmac
from collector.webhook.knock import Knock, Verdict

_DOCUSIGN = "x-docusign-signature-"
_WINDOW_S = 300


class HmacVerifier:
    """HMAC-SHA256 of the body in a header: `hex` (the default) or `base64`, behind a prefix."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._header = options["header"].lower()
        self._prefix = options.get("prefix", "")
        self._encoding = options.get("encoding", "hex")

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        sent = knock.headers.get(self._header, "")
        if not sent:
            return Verdict.UNSIGNED
        wanted = (self._prefix + make_hmac(secret, knock.body, self._encoding) for secret in secrets)
        return Verdict.GENUINE if fits_any([sent.strip()], wanted) else Verdict.FORGED


class DocusignVerifier:
    """Any header that fits any key: there is one of each for every key of the account."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        sent = [value.strip() for name, value in knock.headers.items() if name.startswith(_DOCUSIGN)]
        if not sent:
            return Verdict.UNSIGNED
        wanted = (make_hmac(secret, knock.body, "base64") for secret in secrets)
        return Verdict.GENUINE if fits_any(sent, wanted) else Verdict.FORGED


class BilltrailVerifier:
    """The published contract. A signature holds for five minutes, once: sign each attempt anew."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        parts = [part.partition("=") for part in knock.headers.get("billtrail-signature", "").split(",")]
        at = next((value.strip() for name, _, value in parts if name.strip() == "t"), "")
        sent = [value.strip().lower() for name, _, value in parts if name.strip() == "v1"]
        if not sent or not (at.isascii() and at.isdecimal() and len(at) < 16):
            return Verdict.UNSIGNED
        wanted = [make_hmac(secret, at.encode() + b"." + knock.body) for secret in secrets]
        if not fits_any(sent, wanted):
            return Verdict.FORGED
        if abs(knock.now_s - int(at)) > _WINDOW_S:
            return Verdict.STALE
        knock.once = f"{at} {wanted[0]}"
        return Verdict.GENUINE
