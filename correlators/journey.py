"""A journey: what a lifecycle should look like, declared in a YAML document and compiled into three small tables.

A document is refused as a whole, with line, column and the nearest valid name, when a key or a reference in it is
unknown.
"""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from billtrail.document.compose import compose_file
from billtrail.document.problem import Problem, name_nearest
from billtrail.errors import SettingsError
from billtrail.model.vocabulary import BillingModel, RelationKind
from correlators.journey_check import Mistake, find_mistakes

SHIPPED = Path(__file__).parent / "journeys"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ObjectType(_Part):
    """root: one lifecycle each; origin: shown there; part: belongs through part_of; reference: never glues."""

    role: Literal["root", "origin", "part", "reference"]
    of: tuple[str, ...] = ()


class Role(_Part):
    """The systems that play a role, and who owns what they are the system of record for."""

    systems: tuple[str, ...]
    owner: str = ""


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
    """A named checkpoint: which event reaches it, whose it is, and which amount that event moves.

    `after` names what has to be reached before; checkpoints that do not name each other have no order. Those of one
    object type are compared object by object, others by when the lifecycle first reached them. One that does not
    `repeat` is reached once in a lifecycle; every further time is extra. Without an `owner` it is its role's.
    """

    name: str
    event: str
    of: str
    by: str = ""
    when: dict[str, str] = {}
    only: tuple[BillingModel, ...] = ()
    measure: Literal["", "value", "approved", "invoiced", "paid"] = ""
    after: tuple[str, ...] = ()
    repeats: bool = False
    optional: bool = False
    ends: bool = False
    owner: str = ""


class Journey(_Part):
    """One version of a journey: what is expected of a lifecycle that begins on `effective_on` or later.

    It holds until the next version's; the first one holds for what began before it, too.
    """

    journey: str
    version: int = Field(ge=1)
    effective_on: date
    roles: dict[str, Role]
    object_types: dict[str, ObjectType]
    relations: tuple[RelationRule, ...]
    milestones: tuple[Milestone, ...]

    def owner_of(self, milestone: Milestone) -> str:
        """Name who owns a milestone: whom it names, or else the owner of the role that reports it; empty for nobody."""
        return milestone.owner or (self.roles[milestone.by].owner if milestone.by else "")

    def systems_of(self, milestone: Milestone) -> tuple[str, ...]:
        """Name the systems whose events reach a milestone; none for any system."""
        return self.roles[milestone.by].systems if milestone.by else ()

    def level_of(self, object_type: str) -> int:
        """Count the steps from the root down to a type; 0 for the root and for what is not part of the hierarchy."""
        parents = self.object_types[object_type].of
        return 1 + min(self.level_of(parent) for parent in parents) if parents else 0

    def preceding(self, milestone: Milestone) -> set[str]:
        """Name all that has to be reached before a milestone: what it is `after`, and what that is after."""
        nearest = [one for one in self.milestones if one.name in milestone.after]
        return set(milestone.after).union(*(self.preceding(one) for one in nearest))


def read_journeys(folder: Path | None = None) -> list[Journey]:
    """Read every document of a folder, the versions of a journey from the oldest to the newest.

    Raises SettingsError on the first that cannot be used.
    """
    files = sorted((folder or SHIPPED).glob("*.yaml"))
    if not files:
        raise SettingsError(f"no journey documents (*.yaml) in {folder or SHIPPED}")
    journeys: dict[tuple[str, date], Journey] = {}
    for file in files:
        journey = read_journey(file)
        if (journey.journey, journey.effective_on) in journeys:
            raise SettingsError(
                f"{file.name}: another version of {journey.journey!r} is effective on {journey.effective_on}, too",
                hint="a version takes the place of the one before it from its `effective_on`",
            )
        journeys[journey.journey, journey.effective_on] = journey
    return [journeys[key] for key in sorted(journeys)]


def read_journey(file: Path) -> Journey:
    """Read one document. Raises SettingsError with the place."""
    nodes, problems = compose_file(file, file.name)
    if not problems and len(nodes) != 1:
        problems = [Problem(file.name, 0, 0, "", f"expected one journey, got {len(nodes)} documents")]
    if problems:
        raise SettingsError(str(problems[0]))
    try:
        journey = Journey.model_validate(yaml.SafeLoader("").construct_document(nodes[0]))
    except (yaml.MarkedYAMLError, ValidationError) as error:
        raise SettingsError(str(_place(_first_mistake(error), nodes[0], file.name))) from error
    for mistake in find_mistakes(journey):
        raise SettingsError(str(_place(mistake, nodes[0], file.name)))
    return journey


def _first_mistake(error: yaml.MarkedYAMLError | ValidationError) -> Mistake:
    if isinstance(error, yaml.MarkedYAMLError):
        return Mistake((), f"not valid YAML: {error.problem}")
    first = error.errors()[0]
    path = first["loc"]
    if first["type"] != "extra_forbidden":
        return Mistake(path, first["msg"].lower())
    part = _PARTS.get(str(path[0]), Journey) if len(path) > 1 else Journey
    names = [field.alias or name for name, field in part.model_fields.items()]
    return Mistake(path, "unknown key", name_nearest(str(path[-1]), names))


_PARTS: dict[str, type[_Part]] = {
    "roles": Role,
    "object_types": ObjectType,
    "relations": RelationRule,
    "milestones": Milestone,
}


def _place(mistake: Mistake, node: yaml.Node, label: str) -> Problem:
    """Find where a mistake stands: at the innermost part of its path that the document has."""
    for step in mistake.path:
        found = _step_into(node, step)
        if found is None:
            break
        node = found
    mark = node.start_mark
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in mistake.path).lstrip(".")
    return Problem(label, mark.line + 1, mark.column + 1, key, mistake.message, mistake.hint)


def _step_into(node: yaml.Node, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    is_there = isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value)
    return node.value[step] if is_there else None
