"""Reads `receive` of a source. A mistake is noted with its place, like everywhere in a `source.yaml`."""

import re
from collections.abc import Mapping

from collector.mapping.document import Node, name_nearest
from collector.mapping.receive import CheckRule, Receive

# By verifier: the options that must be given, then those that may.
CHECKS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "basic": ((), ()),
    "billtrail": ((), ()),
    "client_certificate": (("header",), ()),
    "client_state": ((), ()),
    "concur": ((), ()),
    "docusign": ((), ()),
    "header": (("name",), ()),
    "hmac": (("header",), ("prefix", "encoding")),
    "hubspot": ((), ()),
    "jira": ((), ()),
    "jwt": (("algorithms",), ("audience", "issuer")),
    "organization": ((), ()),
    "query": (("name",), ()),
}
HANDSHAKES = ("cloudevents", "event_grid", "graph", "soap_ack")
_KEYS = ("verify", "handshake", "format", "items", "lists", "drops", "expected")
_FORMATS = ("json", "xml")
_DURATION = re.compile(r"(\d{1,6})([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


def read_receive(node: Node) -> Receive:
    """Read how the door treats a system."""
    found = node.fields(_KEYS)
    return Receive(
        checks=tuple(_read_check(one) for one in found["verify"].elements()) if "verify" in found else (),
        handshakes=tuple(_pick(one, HANDSHAKES) for one in found["handshake"].elements())
        if "handshake" in found
        else (),
        format=_pick(found["format"], _FORMATS) if "format" in found else "json",
        items=tuple(found["items"].word().removeprefix("$").split(".")) if "items" in found else (),
        lists=found["lists"].words() if "lists" in found else (),
        drops=found["drops"].words() if "drops" in found else (),
        expected_s=_read_duration(found["expected"]) if "expected" in found else 0,
    )


def _read_check(node: Node) -> CheckRule:
    """Read a verifier: its name, or its name with options."""
    if node.is_text:
        kind, options, place = node.word(), {}, node
    else:
        entries = node.entries()
        if len(entries) != 1:
            node.complain("expected one verifier and its options")
            return CheckRule("")
        (name, place) = entries[0]
        kind = name.word()
        options = {key.text: value.word() for key, value in place.entries()}
    if kind not in CHECKS:
        node.complain(f"no verifier is called {kind}", name_nearest(kind, CHECKS))
        return CheckRule(kind)
    required, optional = CHECKS[kind]
    for option in required:
        if option not in options:
            node.complain(f"{kind}: {option} is missing")
    for option in options:
        if option not in (*required, *optional):
            place.complain(f"{kind} has no option {option}", name_nearest(option, (*required, *optional)))
    return CheckRule(kind, options)


def _pick(node: Node, known: tuple[str, ...]) -> str:
    word = node.word()
    if word not in known:
        node.complain(f"{word} is not known", name_nearest(word, known))
    return word


def _read_duration(node: Node) -> float:
    match = _DURATION.fullmatch(node.word())
    if not match:
        node.complain(f"expected a duration such as 15m, 6h or 3d, got {node.text}")
        return 0
    return int(match[1]) * _SECONDS[match[2]]
