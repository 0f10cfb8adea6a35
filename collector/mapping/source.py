"""A source as it was read: which messages become which events. Plain values: `read_source` reads, `compile` writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.mapping.condition import Condition
from collector.mapping.expression import NOTHING, Constant, Expression
from collector.mapping.path import Path
from collector.mapping.pull import FileRule, Pull, SpanRule
from collector.mapping.receive import Receive

TEXT_FIELDS = (
    "amount", "currency", "client", "region", "legal_entity", "billing_model", "owner", "outcome", "error_category",
    "correlation_id", "traceparent", "sequence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ObjectRule:
    """One object of an event, or of a line with its `amount`. With `each`, one for every element of a list."""

    type: Expression
    id: Expression
    system: Expression
    qualifier: Expression = NOTHING
    each: Path | None = None
    amount: Expression = NOTHING


@dataclass(frozen=True, slots=True)
class RelationRule:
    """What one object is to another, apart from the subject."""

    start: ObjectRule
    qualifier: Expression
    end: ObjectRule
    each: Path | None = None


@dataclass(frozen=True, slots=True)
class EventRule:
    """One canonical event a message may become. A message becomes every event whose `when` holds.

    `time` is a moment, None the one the message came in at. `id` is None for the usual one: the id of the message and
    the type. With `completes`, an amount it does not tell is the one last told of its subject.
    """

    type: Expression
    when: Condition
    objects: tuple[ObjectRule, ...]
    time: Expression
    id: Expression | None = None
    each: Path | None = None
    relations: tuple[RelationRule, ...] = ()
    lines: tuple[ObjectRule, ...] = ()
    texts: Mapping[str, Expression] = field(default_factory=dict)
    attributes: Mapping[str, Expression] = field(default_factory=dict)
    attributes_from: Expression = NOTHING
    withdraws: Expression = NOTHING
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """How a message says what changed: when everything did, else the names; `undecoded` names cannot be read."""

    created: Condition
    names: Path
    undecoded: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One system's way into the canonical model. `receive` belongs to doors, `pulls` to pollers."""

    name: str
    title: str
    system: Expression
    kind: Expression
    id: Expression
    events: tuple[EventRule, ...]
    ignore: tuple[Condition, ...] = ()
    event_source: Expression = NOTHING
    messages: tuple[Path, ...] = (Path("", ()),)
    inside: Mapping[str, Expression] = field(default_factory=dict)
    values: Mapping[str, Expression] = field(default_factory=dict)
    changes: Changes | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    receive: Receive = field(default_factory=Receive)
    pulls: tuple[Pull, ...] = ()
    files: FileRule = field(default_factory=FileRule)
    spans: SpanRule | None = None

    @property
    def spoken_source(self) -> Expression:
        """What its events carry as CloudEvents source."""
        return Constant(f"/{self.name}") if self.event_source == NOTHING else self.event_source
