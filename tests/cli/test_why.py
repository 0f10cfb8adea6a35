"""`billtrail trace ID --why`: from any id to the contract; weak ties step by step, the links of people by name."""

import pytest

from billtrail.cli.trace import find_lifecycles
from billtrail.cli.why import explain, say
from billtrail.store import Store
from correlators.link import LinkWish, carry_out
from correlators.stitch import Stitcher
from dashboards import read
from tests.correlators.firm import CONTRACT_1, CONTRACT_2, FIRM, PROJECT_1
from tests.correlators.random_telling import events, span
from tests.correlators.test_same_answer import correlate
from tests.support.clock import SteppedClock
from tests.support.events import Event

TRACE, ROUTE = "ab" * 16, "cd" * 16
ALONE = Event("alone", "project.created", (("psa:project:P7", "subject"),), 3)
MOVED = Event(
    "moved", "worker.moved", (("psa:worker:W1", "reference"),), 11, links=(("psa:project:P3", CONTRACT_2, "part_of"),)
)
CUSTOMERS = (
    Event("told", "client.created", (("erp:client:77", "subject"), ("crm:client:A", "same_as")), 3),
    Event("told-too", "client.created", (("psa:client:a-1", "subject"), ("erp:client:77", "same_as")), 4),
)
LED = (
    Event("led", "integration.failed", (), 20, system="psa", correlation_id="run-77", outcome="failure"),
    Event("followed", "integration.failed", (), 21, system="psa", trace_id=ROUTE, outcome="failure"),
)
BUSY = tuple(
    Event(f"busy-{number:02}", "integration.failed", ((PROJECT_1, "subject"),), 22, correlation_id="run-79")
    for number in range(23)
)
BY_RUN = [
    "event failed-1 names nothing of this lifecycle, and is tied to it by its correlation id run-1",
    "  correlation id run-1 is also that of event approved-1, which names psa:project:P1"
    "  (rule same-correlation-id, correlation_id)",
    "  psa:project:P1 part_of crm:contract:C1  (rule project-of-contract, declared, proved by psa-1)",
]
BY_TRACE = [
    f"event failed-3 names nothing of this lifecycle, and is tied to it by its trace {TRACE}",
    f"  trace {TRACE} is also that of event approved-2, which names psa:project:P2  (rule same-trace, trace)",
    "  psa:project:P2 part_of crm:contract:C2  (rule project-of-contract, declared, proved by psa-2)",
]
BY_SPAN = [
    f"span {ROUTE}/77, which names psa:project:P1",
    "  psa:project:P1 part_of crm:contract:C1  (rule project-of-contract, declared, proved by psa-1)",
]


@pytest.fixture
def firm(store: Store) -> Store:
    correlate(store, [[*FIRM, ALONE, MOVED, *CUSTOMERS]])
    clock = SteppedClock()
    clock.step(hours=1)
    events(*LED, *BUSY)(store, clock, 2)
    span(span_id="77", trace_id=ROUTE, correlation_id="run-77", object_keys=[PROJECT_1])(store, clock, 3)
    span(span_id="78", correlation_id="run-78", object_keys=[PROJECT_1])(store, clock, 4)
    wish = {"decision": "link", "from_key": "psa:project:P7", "to_key": CONTRACT_2}
    carry_out(store, clock, LinkWish.model_validate({**wish, "reason": "told on the phone", "actor": "ada"}))
    Stitcher(store, clock, 10_000).step()
    return store


def why(store: Store, id: str) -> list[str]:
    found = find_lifecycles(store, id)
    return [line for one in found for line in say(explain(store, id, one), one)]


def test_every_way_to_the_contract_is_told_to_its_end(firm: Store) -> None:
    assert why(firm, "failed-1") == BY_RUN
    assert why(firm, "run-1")[:3] == BY_RUN
    assert why(firm, "failed-3") == BY_TRACE
    assert why(firm, TRACE)[-3:] == why(firm, TRACE.upper())[-3:] == BY_TRACE
    for id, run in (
        ("led", "correlation id run-77"),
        ("followed", f"trace {ROUTE}"),
        ("run-77", "correlation id run-77"),
    ):
        told = why(firm, id)
        assert (told[0].split(" by its ")[1], told[2]) == (run, BY_SPAN[1])
        assert told[1].startswith(f"  {run} is also that of {BY_SPAN[0]}")
    assert why(firm, "run-78")[0].startswith(
        "  correlation id run-78 is also that of span /78, which names psa:project:P1"
    )
    assert why(firm, "moved") == [
        "event moved names psa:project:P3",
        "  psa:project:P3 part_of crm:contract:C2  (rule project-of-contract, declared, proved by moved)",
    ]


def test_a_lifecycle_tells_the_events_it_holds_without_objects(firm: Store) -> None:
    assert why(firm, CONTRACT_2) == why(firm, "C2") == [f"{CONTRACT_2} is the root of the lifecycle", *BY_TRACE]


def test_what_is_not_told_is_counted(firm: Store) -> None:
    told = why(firm, "run-79")
    assert sum(line.startswith("event busy-") for line in told) == 20
    assert told[-1] == "and 3 more that this id stands for: ask for one of them by its own id"


def test_a_link_of_a_person_says_who_decided_it_when_and_why(firm: Store) -> None:
    assert why(firm, "P7") == [
        "  psa:project:P7 part_of crm:contract:C2"
        "  (rule manual, manual, decided by ada on 2026-03-02 13:00 UTC: told on the phone)"
    ]
    [place] = explain(firm, "P7", CONTRACT_2)
    told = {name: place["chain"][0][name] for name in ("decided_by", "reason")}
    assert told == {"decided_by": "ada", "reason": "told on the phone"}
    assert all(step["decided_at"] is None for place in explain(firm, "T1", CONTRACT_1) for step in place["chain"])


def test_a_client_is_found_by_any_of_its_ids_and_glues_nothing(firm: Store) -> None:
    for id in ("crm:client:A", "erp:client:77", "psa:client:a-1", "a-1", " A"):
        assert sorted(find_lifecycles(firm, id)) == [CONTRACT_1, CONTRACT_2]
        assert {match.lifecycle_id for match in read.find_lifecycles(firm, id)} == {CONTRACT_1, CONTRACT_2}
    assert why(firm, "a-1")[:3] == [
        "  psa:client:a-1 same_as erp:client:77  (rule same-record, declared, proved by told-too)",
        "  erp:client:77 same_as crm:client:A  (rule same-record, declared, proved by told)",
        f"  event signed-2 of {CONTRACT_2} names crm:client:A  (rule reference, declared)",
    ]
    rows = firm.query("SELECT object_key, cluster_key, lifecycle_ids FROM objects WHERE object_type = 'client'")
    assert [row for row in rows if row["cluster_key"] != row["object_key"] or row["lifecycle_ids"]] == []
