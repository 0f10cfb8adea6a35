"""Whatever a firm may tell, drawn by chance: events in goes, corrections, declarations, spans, decisions of people."""

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

from billtrail.clock import Clock
from billtrail.errors import SettingsError
from billtrail.store import Store
from correlators.link import LinkWish, carry_out
from tests.correlators.random_firm import RandomFirm
from tests.support.events import START, Event, put_declarations, put_events, put_ledger

Telling = Callable[[Store, Clock, int], None]
"""Puts something where the correlators find it, as the segment with this number."""


def events(*told: Event) -> Telling:
    return lambda store, clock, segment: put_events(store, segment, told)


def declaration(key: str, *links: tuple[str, str, str]) -> Telling:
    return lambda store, clock, segment: put_declarations(store, segment, {key: links})


def span(**fields: Any) -> Telling:
    """A span that names objects or a run, as the collector links it."""
    row = {
        **{"trace_id": "", "span_id": "01", "correlation_id": "", "object_keys": [], "is_error": False},
        **{"service": "hub", "name": "sync", "system": "psa", "error_category": "", "started_at": START},
        **fields,
    }

    def put(store: Store, clock: Clock, segment: int) -> None:
        store.insert("span_links", [{**row, "segment": segment}])
        put_ledger(store, "traces", segment, 1)

    return put


def decision(word: str, from_key: str, to_key: str, *, is_undone: bool = False) -> Telling:
    """What a person decides. What makes no sense is refused, and nothing happens."""
    wish = LinkWish(
        decision=word, from_key=from_key, to_key=to_key, reason="as agreed", actor="ada", is_undone=is_undone
    )

    def put(store: Store, clock: Clock, segment: int) -> None:
        try:
            carry_out(store, clock, wish)
        except SettingsError:
            return

    return put


def draw_telling(seed: int) -> list[Telling]:
    """Draw what is told of one firm, in the order in which it is told. The same seed draws the same."""
    firm, chance = RandomFirm(seed), Random(seed + 1)
    told = chance.sample(firm.events, len(firm.events))
    cuts = sorted(chance.randint(0, len(told)) for _ in range(chance.randint(1, 4)))
    tellings = [events(*told[start:end]) for start, end in pairwise([0, *cuts, len(told)]) if start < end]
    tellings += _correct(firm, chance)
    keys = [
        *firm.contracts,
        *firm.projects,
        "psa:time_entry:T1",
        "psa:time_entry:T2",
        "erp:invoice:I0",
        "crm:opportunity:O0",
    ]
    for _ in range(chance.randint(1, 5)):
        tellings.insert(chance.randint(0, len(tellings)), _draw_other(keys, chance))
    return tellings


def _correct(firm: RandomFirm, chance: Random) -> list[Telling]:
    """Correct a few events: withdrawn, or about other objects at another time."""
    corrections = []
    for event in chance.sample(firm.events, min(len(firm.events), chance.randint(0, 3))):
        other = chance.choice(firm.events)
        changed = event.changed(
            revision=1,
            objects=other.objects or event.objects,
            system=event.reporter,
            lines=other.lines,
            amount=str(chance.randint(0, 99)),
            hours=chance.randint(0, 40),
        )
        corrections.append(events(event.withdrawn() if chance.random() < 0.4 else changed))
    return corrections


def _draw_other(keys: list[str], chance: Random) -> Telling:
    one, other = chance.sample(keys, 2)
    kind = chance.choice(("declaration", "span", "link", "merge", "unlink"))
    if kind == "declaration":
        is_same = one.split(":")[1] == other.split(":")[1]
        links = ((one, other, "same_as" if is_same else "part_of"),) if chance.random() < 0.8 else ()
        return declaration(one, *links)
    if kind == "span":
        return span(
            trace_id=f"{chance.randint(1, 3):032x}",
            span_id=f"{chance.randint(1, 99):016x}",
            correlation_id=chance.choice(("", f"run-{chance.randint(1, 5)}")),
            object_keys=chance.sample(keys, chance.randint(0, 2)),
            is_error=chance.random() < 0.5,
        )
    return decision(kind, one, other, is_undone=chance.random() < 0.2)
