"""Messages that each say a little come in every order there is: what is known in the end is always the same."""

from decimal import Decimal
from itertools import permutations

from billtrail.store import Row, Store
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.collector.mapping.mapped import Message, load, read_samples
from tests.collector.sources.test_one_contract import FACTS
from tests.support.clock import SteppedClock

# A contract; a project that does not name it yet; the link; a milestone's worth; its approval, which does not say it.
DELTAS = (
    "salesforce/contract-activated",
    "kantata/workspace-created",
    "kantata/workspace-linked",
    "kantata/milestone-created",
    "kantata/milestone-approved",
)
ORDERS = list(permutations(range(len(DELTAS))))


def make_messages(firm: int) -> list[Message]:
    """The messages of one firm of many: the same words, with ids of its own."""
    own = {
        "800Qx000001f3KmIAI": f"800Qx0000{firm:06}IAI",
        "0007a1c2": f"{firm:08}",
        '"88000': f'"{firm}88000',
        "7001": f"{firm}7001",
        "501": f"{firm}501",
        r"\"amount_in_cents\":2400000,\"currency\":\"EUR\",\"status\":\"Approved\"": r"\"status\":\"Approved\"",
    }
    messages = []
    for source, body in read_samples(*DELTAS):
        for told, mine in own.items():
            body = body.replace(told, mine)  # noqa: PLW2901
        messages.append((source, body))
    return messages


def correlate_in_every_order(store: Store, clock: SteppedClock) -> list[Row]:
    compile_journeys(store, read_journeys(), 1)
    clock.step(days=120)
    stitcher = Stitcher(store, clock, 10_000)
    firms = [make_messages(1000 + number) for number in range(len(ORDERS))]
    for step in range(len(DELTAS)):
        load(store, step + 1, [messages[order[step]] for messages, order in zip(firms, ORDERS, strict=True)])
        stitcher.step()
    return store.query(f"SELECT {', '.join(FACTS)} FROM lifecycles WHERE superseded_by = ''")


def test_in_any_order_an_event_is_completed_from_what_is_known_of_its_object(store: Store, clock: SteppedClock) -> None:
    assert "amount" not in make_messages(1000)[-1][1]
    found = correlate_in_every_order(store, clock)
    assert len(found) == len(ORDERS) == 120
    assert [one for one in found if one != found[0]] == []
    assert set(found[0]["milestones"]) == {"contract_signed", "project_in_psa", "milestone_approved"}
    assert (found[0]["approved_amount"], found[0]["event_count"]) == (Decimal("24000.00"), len(DELTAS))
    assert found[0]["systems"] == ["kantata", "salesforce"]
