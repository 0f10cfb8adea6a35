"""Salesforce outbound messages name their organization: the only thing in them that tells where they come from.

Anybody who knows the organization's id can write it, so a client certificate or a secret in the address should stand
beside it. An id of 15 characters and one of 18 are the same organization.
"""

import re
from collections.abc import Sequence

from collector.webhook.compare import fits_any
from collector.webhook.knock import Knock, Verdict

_ORGANIZATION = re.compile(rb"<(?:\w+:)?OrganizationId>\s*([0-9A-Za-z]{15,18})\s*</")
_SIGNIFICANT = 15


class OrganizationVerifier:
    """The secret is the id of the organization."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        told = {found.decode()[:_SIGNIFICANT] for found in _ORGANIZATION.findall(knock.body)}
        if not told:
            return Verdict.UNSIGNED
        known = [one[:_SIGNIFICANT] for one in secrets if len(one) >= _SIGNIFICANT]
        return Verdict.GENUINE if all(fits_any([one], known) for one in told) else Verdict.FORGED
