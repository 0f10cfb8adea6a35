"""Senders that show a secret instead of signing: a header, a parameter, basic credentials, a certificate, a field."""

import base64
import json
from collections.abc import Mapping, Sequence

from collector.webhook.compare import fits_any
from collector.webhook.knock import Knock, Verdict

_CERTIFICATE = "certificate:"


def _judge(sent: Sequence[str], secrets: Sequence[str]) -> Verdict:
    if not any(sent):
        return Verdict.UNSIGNED
    return Verdict.GENUINE if fits_any(sent, secrets) else Verdict.FORGED


class HeaderVerifier:
    """A header that holds the secret, with or without `Bearer` before it."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._name = options["name"].lower()

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        sent = knock.headers.get(self._name, "").strip()
        return _judge([sent, sent.removeprefix("Bearer ").strip()], secrets)


class QueryVerifier:
    """A parameter of the address that holds the secret, such as `?code=`."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._name = options["name"]

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        return _judge([knock.query.get(self._name, "")], secrets)


class BasicVerifier:
    """HTTP Basic; the secret is `name:password`."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        scheme, _, sent = knock.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return Verdict.UNSIGNED
        try:
            shown = base64.b64decode(sent.strip(), validate=True).decode()
        except ValueError:
            return Verdict.FORGED
        return Verdict.GENUINE if fits_any([shown], secrets) else Verdict.FORGED


class CertificateVerifier:
    """A client certificate that a proxy has checked and named in a header, which it must take from every other request.

    Works only where the firm says so by a secret `certificate:NAME`, the name as the proxy writes it.
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        self._header = options["header"].lower()

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        names = [one.removeprefix(_CERTIFICATE) for one in secrets if one.startswith(_CERTIFICATE)]
        return _judge([knock.headers.get(self._header, "").strip()], names) if names else Verdict.UNSIGNED


class ClientStateVerifier:
    """Microsoft Graph: every notification carries the `clientState` of its subscription."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        try:
            told = [one.get("clientState") for one in json.loads(knock.body)["value"]]
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
            return Verdict.UNSIGNED
        known = [isinstance(one, str) and fits_any([one], secrets) for one in told]
        return Verdict.GENUINE if known and all(known) else Verdict.FORGED
