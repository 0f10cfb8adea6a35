"""The conditions of the mapping language, as they stand under `when` and `ignore`. All entries of a mapping must hold.

$path: text              equals                       $path: {exists: true}      is there, or not
$path: [a, b]            is one of                    $path: {not: [a, b]}       is none of
$path: {matches: regex}  matches somewhere            $list[]: {has: [a, b]}     a list holds one of
changed: [A, B]          one of the fields changed, by what `changes` says
any: [{…}, {…}]          one of the mappings holds    not: {…}                   the mapping does not hold
"""

from dataclasses import dataclass

from collector.mapping.expression import Expression


@dataclass(frozen=True, slots=True)
class Among:
    value: Expression
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    value: Expression


@dataclass(frozen=True, slots=True)
class Matches:
    value: Expression
    pattern: str


@dataclass(frozen=True, slots=True)
class Has:
    """`value` is a list."""

    value: Expression
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    fields: tuple[Expression, ...]
    """Paths of the message: a field's name is its path without the `$`."""


@dataclass(frozen=True, slots=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple["Condition", ...]


Condition = Among | Exists | Matches | Has | Changed | Not | AllOf | AnyOf
