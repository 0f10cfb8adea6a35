"""The expressions of the mapping language: small, total, without effects. Each yields a text; the empty one is absence.

`Instant` alone is a moment, and a text only when something else uses it. The words in a `source.yaml`:

    $path             what stands there                  first_of: [a, b]     the first that is not empty
    =name             a value named under `values`       concat: [a, b]       joined; empty when a path in it is empty
    anything else     a constant                         lower: a   upper: a
    map: a, to: {x: y}, else: b                          a table; without `else` what is not in it is empty
    extract: a, by: regex                                the first group of the first match, or the match
    scale: a, by: 0.01       scale: a, over: 3600        a decimal times a constant, or divided by it
    record_id: a                                         a Salesforce id of 15 characters in its form of 18
    time: a, as: [iso, epoch_ms, epoch_s, dotnet, local], zone: Europe/Berlin      a moment
    day: {time: …}                                       its date, in its zone
    when: condition, then: a, else: b                    a choice
    constant: $text                                      a constant that looks like a path
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.mapping.path import Path

if TYPE_CHECKING:
    from collector.mapping.condition import Condition


@dataclass(frozen=True, slots=True)
class Constant:
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    name: str


@dataclass(frozen=True, slots=True)
class FirstOf:
    options: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Concat:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Case:
    value: "Expression"
    function: str
    """`lower` or `upper`."""


@dataclass(frozen=True, slots=True)
class Table:
    value: "Expression"
    entries: tuple[tuple[str, str], ...]
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Extract:
    value: "Expression"
    pattern: str


@dataclass(frozen=True, slots=True)
class Scale:
    value: "Expression"
    by: str
    divides: bool = False


@dataclass(frozen=True, slots=True)
class RecordId:
    value: "Expression"


@dataclass(frozen=True, slots=True)
class Choose:
    when: "Condition"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Instant:
    value: "Expression"
    formats: tuple[str, ...] = ("iso",)
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Day:
    instant: Instant


@dataclass(frozen=True, slots=True)
class Received:
    """The moment the message came in: for systems that name none."""


Expression = (
    Constant
    | Path
    | Named
    | FirstOf
    | Concat
    | Case
    | Table
    | Extract
    | Scale
    | RecordId
    | Choose
    | Instant
    | Day
    | Received
)
NOTHING = Constant("")
TIME_FORMATS = ("iso", "epoch_ms", "epoch_s", "dotnet", "local")
