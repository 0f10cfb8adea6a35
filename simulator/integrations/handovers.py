"""Things that begin in one system and are taken over by others: each entered there, each told of by an event.

What was refused once is not tried again: somebody has to look at it.
"""

from billtrail.model.object_key import ObjectKey
from simulator.firm import intent
from simulator.firm.handover import HANDOVERS
from simulator.integrations.contracts import contract_key
from simulator.integrations.projects import psa_project_key
from simulator.integrations.work import Work
from simulator.systems import crm, psa
from simulator.systems.ledger import ENTER, NewEntry


def begin(work: Work, facts: intent.Raise) -> None:
    """Enter the thing where it begins. Of a payment that never came there is nothing to tell."""
    handover = HANDOVERS[facts.kind]
    start = handover.start
    for known in _known_ids(work, facts):
        ask = NewEntry(start.event, handover.kind, _contract_id(work, facts.contract), facts.value, known)
        entry = work.call(ENTER[start.system], ask)
        work.crosswalk.note(start.system, f"{handover.kind} begun", facts.handle, entry.id)
        parents = [_parent_key(work, facts)] if handover.parent else []
        subject = ObjectKey(start.system, handover.kind, entry.id)
        work.run.emit(
            start.event,
            system=start.system,
            occurred_at=entry.entered_at,
            subject=subject,
            part_of=parents,
            attributes={"value": str(facts.value)},
            region=facts.region,
            legal_entity=facts.legal_entity,
        )


def pass_on(work: Work, facts: intent.PassOn) -> None:
    """Enter in the next system everything of a handle that is not there yet."""
    handover = HANDOVERS[facts.kind]
    stop = handover.stops[facts.stop]
    passed, copy = f"{handover.kind} {stop.event}", f"{handover.kind} copy"
    for origin_id in work.crosswalk.find(handover.start.system, f"{handover.kind} begun", facts.handle):
        if origin_id in work.crosswalk.find(stop.system, passed, facts.handle):
            continue
        origin = ObjectKey(handover.start.system, handover.kind, origin_id)
        known = work.crosswalk.find(stop.system, copy, origin_id)
        ask = NewEntry(
            stop.event,
            handover.kind,
            _contract_id(work, facts.contract),
            facts.value,
            known[0] if known else "",
            origin_id,
        )
        with work.run.step(f"enter {handover.kind} in {stop.system}", origin):
            entry = work.call(ENTER[stop.system], ask)
        work.crosswalk.note(stop.system, passed, facts.handle, origin_id)
        if not known:
            work.crosswalk.note(stop.system, copy, origin_id, entry.id)
        work.run.emit(
            stop.event,
            system=stop.system,
            occurred_at=entry.entered_at,
            subject=ObjectKey(stop.system, handover.kind, entry.id),
            same_as=origin,
        )


def _known_ids(work: Work, facts: intent.Raise) -> list[str]:
    """The ids of what exists already and has not begun yet; one empty one where the system gives a new id."""
    if facts.kind != "payment":
        return [""]
    system = HANDOVERS["payment"].start.system
    begun = work.crosswalk.find(system, "payment begun", facts.handle)
    return [id for id in work.crosswalk.find(system, "payment", facts.handle) if id not in begun]


def _contract_id(work: Work, handle: str) -> str:
    return work.crosswalk.get(crm.SYSTEM, "contract", handle) if handle else ""


def _parent_key(work: Work, facts: intent.Raise) -> ObjectKey:
    if HANDOVERS[facts.kind].parent == "contract":
        return contract_key(_contract_id(work, facts.contract))
    return psa_project_key(work.crosswalk.get(psa.SYSTEM, "project", facts.project))
