"""Writing journeys into the tables that the correlation statements join with."""

from collections.abc import Sequence
from typing import Any

from billtrail.store import Store
from correlators.journey import Journey

TABLES = ("journey_types", "journey_relations", "journey_milestones")


def compile_journeys(store: Store, journeys: Sequence[Journey], version: int) -> None:
    """Replace the compiled journeys. Not atomic over the three tables: done before the loop starts."""
    for table in TABLES:
        store.command(f"TRUNCATE TABLE {table}")
    store.insert("journey_types", [row for journey in journeys for row in _types(journey, version)])
    store.insert("journey_relations", [row for journey in journeys for row in _relations(journey, version)])
    store.insert("journey_milestones", [row for journey in journeys for row in _milestones(journey, version)])


def _types(journey: Journey, version: int) -> list[dict[str, Any]]:
    return [
        {
            "journey": journey.journey,
            "object_type": name,
            "role": declared.role,
            "level": journey.level_of(name),
            "version": version,
        }
        for name, declared in journey.object_types.items()
    ]


def _relations(journey: Journey, version: int) -> list[dict[str, Any]]:
    return [
        {
            "journey": journey.journey,
            "rule": rule.rule,
            "from_type": rule.from_type,
            "to_type": rule.to_type,
            "qualifier": rule.qualifier,
            "kind": rule.kind.value,
            "is_inverse": rule.inverse,
            "version": version,
        }
        for rule in journey.relations
    ]


def _milestones(journey: Journey, version: int) -> list[dict[str, Any]]:
    return [
        {
            "journey": journey.journey,
            "milestone": milestone.name,
            "position": position,
            "event_type": milestone.event,
            "systems": list(journey.roles[milestone.by]) if milestone.by else [],
            "object_type": milestone.of,
            "conditions": milestone.when,
            "billing_models": [model.value for model in milestone.only],
            "after": list(milestone.after),
            "followed_by": [other.name for other in journey.milestones if milestone.name in journey.preceding(other)],
            "is_repeatable": milestone.repeats,
            "is_optional": milestone.optional,
            "is_end": milestone.ends,
            "measure": milestone.measure,
            "owner": milestone.owner,
            "version": version,
        }
        for position, milestone in enumerate(journey.milestones, start=1)
    ]
