"""How the door treats a system, as `receive` of its `source.yaml` says it. The door knows what the words mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One way to know the sender: the name of a verifier and its options."""

    kind: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receive:
    """`checks` are alternatives; without one a token of the platform is asked for. `format` is json or xml.

    `items` leads, key by key, to the messages in an XML body; `lists` are its elements that may repeat, `drops` those
    that are never kept. `expected_s` is the longest silence that is ordinary, 0 where nobody can say.
    """

    checks: tuple[CheckRule, ...] = ()
    handshakes: tuple[str, ...] = ()
    format: str = "json"
    items: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    expected_s: float = 0
