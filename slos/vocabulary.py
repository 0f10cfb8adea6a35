"""The names a document may use, handed in from outside: this room does not know how journeys are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from slos.objective import DEFAULT_BURN_WINDOWS


@dataclass(frozen=True, slots=True)
class Milestone:
    """A checkpoint of a journey: whose it is and who has to bring it about."""

    object_type: str
    owner: str = ""
    systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Journeys with their milestones, calendars, runbooks, burn windows; `indicators`: those there are, to their SLA.

    `runbooks` empty means any name will do.
    """

    journeys: Mapping[str, Mapping[str, Milestone]]
    calendars: frozenset[str]
    runbooks: frozenset[str] = field(default=frozenset())
    burn_windows: frozenset[str] = field(default=frozenset({DEFAULT_BURN_WINDOWS}))
    indicators: Mapping[str, str] = field(default_factory=dict)
