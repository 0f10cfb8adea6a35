"""A journey: what a lifecycle should look like, declared in a YAML document and compiled into three small tables.

A document is refused as a whole, with the place and the nearest valid name, when a key or a reference in it is unknown.
"""

import difflib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from billtrail.errors import SettingsError
from billtrail.model.vocabulary import BillingModel, RelationKind

SHIPPED = Path(__file__).parent / "journeys"
ANY = "*"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ObjectType(_Part):
    """root: one lifecycle each; origin: shown there; part: belongs through part_of; reference: never glues."""

    role: Literal["root", "origin", "part", "reference"]
    of: tuple[str, ...] = ()


class RelationRule(_Part):
    """How two objects named in one event are related; `qualifier` empty means any but `reference`.

    `inverse`: those who tell it name the whole first, so the second object is the part of the first.
    """

    rule: str
    kind: RelationKind
    from_type: str = Field(alias="from")
    to_type: str = Field(alias="to")
    qualifier: str = ""
    inverse: bool = False


class Milestone(_Part):
    """A named checkpoint: which event reaches it, whose it is, and which amount that event moves."""

    name: str
    event: str
    of: str
    by: str = ""
    when: dict[str, str] = {}
    only: tuple[BillingModel, ...] = ()
    measure: Literal["", "value", "approved", "invoiced", "paid"] = ""
    repeats: bool = False
    optional: bool = False
    ends: bool = False
    owner: str = ""


class Journey(_Part):
    journey: str
    version: int = Field(ge=1)
    effective_on: date
    roles: dict[str, tuple[str, ...]]
    object_types: dict[str, ObjectType]
    relations: tuple[RelationRule, ...]
    milestones: tuple[Milestone, ...]

    def level_of(self, object_type: str) -> int:
        """Count the steps from the root down to a type; 0 for the root and for what is not part of the hierarchy."""
        parents = self.object_types[object_type].of
        return 1 + min(self.level_of(parent) for parent in parents) if parents else 0


def read_journeys(folder: Path | None = None) -> list[Journey]:
    """Read every document of a folder. Raises SettingsError on the first that cannot be used."""
    files = sorted((folder or SHIPPED).glob("*.yaml"))
    if not files:
        raise SettingsError(f"no journey documents (*.yaml) in {folder or SHIPPED}")
    return [read_journey(file) for file in files]


def read_journey(file: Path) -> Journey:
    """Read one document. Raises SettingsError with the place."""
    try:
        journey = Journey.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise SettingsError(f"{file.name}: not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{file.name}: {where}: {first['msg'].lower()}") from error
    for problem in _find_problems(journey):
        raise SettingsError(f"{file.name}: {problem}")
    return journey


def _find_problems(journey: Journey) -> Iterator[str]:
    types = journey.object_types
    yield from (f"{cycle}" for cycle in _find_cycles(types))
    for name, declared in types.items():
        yield from _unknown(declared.of, types, f"object_types.{name}.of")
    for rule in journey.relations:
        yield from _unknown((rule.from_type, rule.to_type), [*types, ANY], f"relations.{rule.rule}")
    for milestone in journey.milestones:
        yield from _unknown((milestone.of,), types, f"milestones.{milestone.name}.of")
        yield from _unknown((milestone.by,) if milestone.by else (), journey.roles, f"milestones.{milestone.name}.by")
    names = [milestone.name for milestone in journey.milestones]
    yield from (f"milestones: {name} is declared twice" for name in names if names.count(name) > 1)
    if sum(declared.role == "root" for declared in types.values()) != 1:
        yield "object_types: exactly one type must have the role root"


def _find_cycles(types: dict[str, ObjectType]) -> Iterator[str]:
    def climb(name: str, seen: tuple[str, ...]) -> Iterator[str]:
        if name in seen:
            yield f"object_types: part_of goes round in a circle: {' -> '.join((*seen, name))}"
            return
        for parent in types[name].of if name in types else ():
            yield from climb(parent, (*seen, name))

    for name in types:
        yield from climb(name, ())


def _unknown(given: Iterable[str], known: Iterable[str], where: str) -> Iterator[str]:
    known = list(known)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            yield f"{where}: unknown name {name!r}" + (f", did you mean {near[0]!r}?" if near else "")
