"""Writing journeys into the tables that the correlation statements join with."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

from billtrail.store import Store
from correlators.journey import Journey, Milestone

TABLES = ("journey_types", "journey_relations", "journey_milestones")
# What the engine's instants can hold.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, tzinfo=UTC)


def compile_journeys(store: Store, journeys: Sequence[Journey], version: int) -> None:
    """Replace the compiled journeys. Not atomic over the three tables: done before the loop starts."""
    for table in TABLES:
        store.command(f"TRUNCATE TABLE {table}")
    histories: dict[str, list[Journey]] = {}
    for journey in sorted(journeys, key=lambda one: one.effective_on):
        histories.setdefault(journey.journey, []).append(journey)
    store.insert("journey_types", [row for history in histories.values() for row in _types(history[-1], version)])
    store.insert(
        "journey_relations", [row for history in histories.values() for row in _relations(history[-1], version)]
    )
    store.insert("journey_milestones", [row for history in histories.values() for row in _milestones(history, version)])


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


def _milestones(history: Sequence[Journey], version: int) -> list[dict[str, Any]]:
    """Write each milestone as its newest version says, in the newest order, with when it is expected."""
    newest_first = [(journey, milestone) for journey in reversed(history) for milestone in journey.milestones]
    told = {milestone.name: (journey, milestone) for journey, milestone in reversed(newest_first)}
    names = dict.fromkeys(milestone.name for _, milestone in newest_first)
    return [_milestone(*told[name], position, history, version) for position, name in enumerate(names, start=1)]


def _milestone(
    journey: Journey, milestone: Milestone, position: int, history: Sequence[Journey], version: int
) -> dict[str, Any]:
    return {
        "journey": journey.journey,
        "milestone": milestone.name,
        "position": position,
        "event_type": milestone.event,
        "systems": list(journey.systems_of(milestone)),
        "object_type": milestone.of,
        "conditions": milestone.when,
        "billing_models": [model.value for model in milestone.only],
        "after": list(milestone.after),
        "followed_by": [other.name for other in journey.milestones if milestone.name in journey.preceding(other)],
        "is_repeatable": milestone.repeats,
        "is_optional": milestone.optional,
        "is_end": milestone.ends,
        "measure": milestone.measure,
        "owner": journey.owner_of(milestone),
        "in_effect": _in_effect(milestone.name, history),
        "version": version,
    }


def _in_effect(name: str, history: Sequence[Journey]) -> list[tuple[datetime, datetime]]:
    """Answer the periods in which a lifecycle has to begin to be expected to reach a milestone."""
    changes = [datetime.combine(journey.effective_on, time(), UTC) for journey in history[1:]]
    periods = pairwise([EARLIEST, *changes, LATEST])
    return [
        period
        for journey, period in zip(history, periods, strict=True)
        if any(milestone.name == name for milestone in journey.milestones)
    ]
