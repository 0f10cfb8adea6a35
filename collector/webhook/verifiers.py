"""Verifiers by the names a `source.yaml` uses, in the order in which it lists them."""

from collections.abc import Callable, Mapping, Sequence

from collector.mapping.receive import CheckRule
from collector.webhook.hubspot import HubspotVerifier
from collector.webhook.knock import Knock, Verdict, Verifier
from collector.webhook.public_key import ConcurVerifier, JwtVerifier
from collector.webhook.shared import (
    BasicVerifier,
    CertificateVerifier,
    ClientStateVerifier,
    HeaderVerifier,
    QueryVerifier,
)
from collector.webhook.signatures import BilltrailVerifier, DocusignVerifier, HmacVerifier
from collector.webhook.soap import OrganizationVerifier

_JIRA = {"header": "x-hub-signature", "prefix": "sha256="}
_KINDS: Mapping[str, Callable[[Mapping[str, str]], Verifier]] = {
    "basic": lambda options: BasicVerifier(),
    "billtrail": lambda options: BilltrailVerifier(),
    "client_certificate": CertificateVerifier,
    "client_state": lambda options: ClientStateVerifier(),
    "concur": lambda options: ConcurVerifier(),
    "docusign": lambda options: DocusignVerifier(),
    "header": HeaderVerifier,
    "hmac": HmacVerifier,
    "hubspot": lambda options: HubspotVerifier(),
    "jira": lambda options: HmacVerifier(_JIRA),
    "jwt": JwtVerifier,
    "organization": lambda options: OrganizationVerifier(),
    "query": QueryVerifier,
}


class Verifiers:
    """The alternatives of one source."""

    def __init__(self, rules: Sequence[CheckRule]) -> None:
        self._verifiers = [_KINDS[rule.kind](rule.options) for rule in rules]

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        """Answer the first that lets the request in, else the first that had something to say against it."""
        worst = Verdict.UNSIGNED
        for verifier in self._verifiers:
            verdict = verifier.verify(knock, secrets)
            if verdict is Verdict.GENUINE:
                return verdict
            if worst is Verdict.UNSIGNED:
                worst = verdict
        return worst
