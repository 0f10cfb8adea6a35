"""How many objects and lists a JSON body holds, before any is built: three bytes become hundreds."""

import re
from itertools import islice

from collector.receive.refusal import too_large

_TOKEN = re.compile(rb'(?s)"(?:[^"\\]++|\\.)*+"?|([{\[])')


def count_objects(body: bytes, limit: int) -> int:
    """Count objects and lists; what stands in texts may be counted too, but is not refused. Raises Refusal (413)."""
    at_most = body.count(b"{") + body.count(b"[")
    if at_most <= limit:
        return at_most
    count = sum(1 for _ in islice((token for token in _TOKEN.finditer(body) if token.lastindex), limit + 1))
    if count > limit:
        raise too_large("the number of JSON objects in the request", limit)
    return count
