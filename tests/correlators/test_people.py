"""What people decide about objects: it changes lifecycles, is audited, can be taken back, and outlives a rebuild."""

import json

import pytest

from billtrail.errors import SettingsError
from billtrail.store import Store
from correlators.link import LinkReport, LinkWish, carry_out
from correlators.stitch import Stitcher
from tests.correlators.firm import CONTRACT_1, CONTRACT_2, FIRM, PROJECT_2
from tests.correlators.test_same_answer import correlate, outcome
from tests.support.clock import SteppedClock
from tests.support.events import Event, put_events

LOST = Event("lost", "project.created", (("psa:project:P7", "subject"),), 3)
LOST_WORK = Event(
    "lost-work", "time.approved", (("psa:time_entry:T7", "subject"), ("psa:project:P7", "part_of")), 5, amount="70"
)
ORDER, ITEM = "shop:orders:2", "shop:items:2"
SHOP = (Event("placed", "place order", ((ORDER, "subject"),), 1), Event("picked", "pick item", ((ITEM, "subject"),), 2))


class Firm:
    """The small firm with a project that nobody tied to a contract, an order apart, and a person who decides."""

    def __init__(self, store: Store) -> None:
        self.store = store
        correlate(store, [[*FIRM, LOST, LOST_WORK, *SHOP]])
        self.clock = SteppedClock()
        self.clock.step(hours=1)
        self.before = outcome(store)

    def decide(self, decision: str, from_key: str, to_key: str, *, undo: bool = False) -> LinkReport:
        self.clock.step(minutes=1)
        wish = {"decision": decision, "from_key": from_key, "to_key": to_key, "reason": "as agreed", "actor": "ada"}
        report = carry_out(self.store, self.clock, LinkWish.model_validate({**wish, "is_undone": undo}))
        Stitcher(self.store, self.clock, 10_000).step()
        return report

    def events_of(self, lifecycle_id: str) -> set[str]:
        return {
            row["event_id"] for row in outcome(self.store)["lifecycle_events"] if row["lifecycle_id"] == lifecycle_id
        }


@pytest.fixture
def firm(store: Store) -> Firm:
    return Firm(store)


def test_a_link_brings_a_project_and_all_below_it_home_and_undone_takes_it_out(firm: Firm) -> None:
    assert firm.decide("link", "psa:project:P7", CONTRACT_1).kind == "part_of"
    assert {"lost", "lost-work"} <= firm.events_of(CONTRACT_1)
    (row,) = firm.store.query("SELECT confidence, rule FROM relations WHERE from_key = 'psa:project:P7'")
    assert row == {"confidence": "manual", "rule": "manual"}
    firm.decide("link", "psa:project:P7", CONTRACT_1, undo=True)
    assert outcome(firm.store) == firm.before


def test_the_part_comes_first_in_a_journey_that_names_the_whole_first_too(firm: Firm) -> None:
    assert firm.decide("link", ITEM, ORDER).kind == "part_of"
    assert firm.events_of(ORDER) == {"placed", "picked"}


def test_what_is_parted_belongs_elsewhere_no_longer_and_comes_back(firm: Firm) -> None:
    firm.decide("unlink", "psa:time_entry:T1", "psa:project:P1")
    firm.decide("unlink", "erp:time_entry:77", "erp:project:9")
    assert not {"approved-1", "posted-1"} & firm.events_of(CONTRACT_1)
    firm.decide("unlink", "psa:time_entry:T1", "psa:project:P1", undo=True)
    firm.decide("unlink", "erp:time_entry:77", "erp:project:9", undo=True)
    assert outcome(firm.store) == firm.before


def test_two_that_are_parted_say_what_still_ties_them_and_what_else_to_part(firm: Firm) -> None:
    """Each has a twin, and the twins are related: it takes both decisions, in whatever order."""
    first = firm.decide("unlink", "psa:time_entry:T1", "psa:project:P1")
    told = ["erp:time_entry:77 same_as psa:time_entry:T1", "erp:time_entry:77 part_of erp:project:9"]
    assert [f"{step['from_key']} {step['kind']} {step['to_key']}" for step in first.still] == [
        *told, "erp:project:9 same_as psa:project:P1",
    ]  # fmt: skip
    assert first.instead == [("erp:time_entry:77", "erp:project:9")]
    assert "posted-1" in firm.events_of(CONTRACT_1)
    (line,) = firm.store.query("SELECT details FROM audit_log")
    assert [step["event_id"] for step in json.loads(line["details"])["still"]] == ["posted-1", "posted-1", "erp-1"]
    assert firm.decide("unlink", "erp:project:9", "erp:time_entry:77").still == []
    again = firm.decide("unlink", "psa:time_entry:T1", "psa:project:P1")
    assert (again.is_changed, again.still) == (False, [])


def test_two_ids_are_one_as_long_as_a_third_is_both(firm: Firm) -> None:
    third = Event("third", "project.created", (("portfolio:project:X", "subject"), (PROJECT_2, "same_as")), 6)
    put_events(firm.store, 9, [third])
    Stitcher(firm.store, firm.clock, 10_000).step()
    firm.decide("merge", "portfolio:project:X", "psa:project:P7")
    report = firm.decide("unlink", "psa:project:P7", PROJECT_2)
    assert [step["event_id"] for step in report.still] == ["portfolio:project:X psa:project:P7", "third"]
    assert report.instead == [("portfolio:project:X", "psa:project:P7"), ("portfolio:project:X", PROJECT_2)]
    assert "lost" in firm.events_of(CONTRACT_2)
    assert firm.decide("unlink", *report.instead[1]).still == []
    assert "lost" not in firm.events_of(CONTRACT_2)


def test_what_is_taken_back_gives_way_to_what_it_replaced_as_often_as_it_was_replaced(firm: Firm) -> None:
    firm.clock.step(microseconds=123_987)
    for decision in ("link", "unlink", "link"):
        firm.decide(decision, "psa:project:P7", CONTRACT_1)
    for undone, left in (("link", ["unlink"]), ("unlink", ["link"]), ("link", [])):
        firm.decide(undone, "psa:project:P7", CONTRACT_1, undo=True)
        stands = firm.store.query("SELECT decision FROM people_links FINAL")
        assert [row["decision"] for row in stands] == left
        assert ("lost" in firm.events_of(CONTRACT_1)) is (left == ["link"])
    assert outcome(firm.store) == firm.before


def test_a_clock_that_is_behind_keeps_no_decision_from_being_followed(firm: Firm) -> None:
    firm.decide("unlink", "psa:time_entry:T1", "psa:project:P1")
    ahead, firm.clock = firm.clock, SteppedClock()
    assert firm.decide("link", "psa:project:P7", CONTRACT_1).is_changed
    assert firm.clock.now() < ahead.now()
    assert "lost" in firm.events_of(CONTRACT_1)
    firm.decide("unlink", "psa:time_entry:T1", "psa:project:P1", undo=True)
    firm.decide("link", "psa:project:P7", CONTRACT_1, undo=True)
    assert outcome(firm.store) == firm.before


def test_two_projects_become_one(firm: Firm) -> None:
    report = firm.decide("merge", "psa:project:P7", "psa:project:P2")
    assert report.kind == "same_as"
    assert report.lifecycles == [CONTRACT_2, "psa:project:P7"]
    assert {"lost", "lost-work", "psa-2"} <= firm.events_of(CONTRACT_2)


def test_a_decision_outlives_a_rebuild_and_holds_for_what_comes_later(firm: Firm) -> None:
    firm.decide("link", "psa:project:P7", CONTRACT_1)
    firm.decide("unlink", "psa:time_entry:T1", "psa:project:P1")
    late = Event("late", "time.submitted", LOST_WORK.objects, 4)
    put_events(firm.store, 9, [late])
    firm.clock.step(minutes=1)
    stitcher = Stitcher(firm.store, firm.clock, 10_000)
    stitcher.step()
    assert "late" in firm.events_of(CONTRACT_1)
    kept = outcome(firm.store)
    stitcher.forget()
    assert outcome(firm.store)["lifecycles"] == []
    while stitcher.step():
        pass
    assert outcome(firm.store) == kept


def test_every_decision_is_in_the_audit_log(firm: Firm) -> None:
    firm.decide("link", "psa:project:P7", CONTRACT_1)
    assert not firm.decide("link", "psa:project:P7", CONTRACT_1).is_changed
    firm.decide("link", "psa:project:P7", CONTRACT_1, undo=True)
    rows = firm.store.query("SELECT actor, action, target, reason FROM audit_log ORDER BY at")
    assert [row["action"] for row in rows] == ["object.link", "object.link.undo"]
    assert rows[0] | {"action": ""} == {
        "actor": "ada", "action": "", "target": f"psa:project:P7 {CONTRACT_1}", "reason": "as agreed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "keys", "told"),
    [
        ("link", ("psa:project:P99", CONTRACT_1), "no event has named psa:project:P99"),
        ("link", (CONTRACT_1, "psa:project:P7"), "no journey knows a contract that belongs to a project"),
        ("link", (ORDER, ITEM), "no journey knows a orders that belongs to a items"),
        ("link", ("psa:project:P7", "psa:project:P1"), "no journey knows a project that belongs to a project"),
        ("merge", (CONTRACT_1, "psa:project:P7"), "cannot be one thing"),
        ("merge", (CONTRACT_1, CONTRACT_1), "one object, not two"),
    ],
)
def test_what_cannot_be_is_refused(firm: Firm, decision: str, keys: tuple[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        firm.decide(decision, *keys)


def test_only_what_was_decided_can_be_taken_back(firm: Firm) -> None:
    with pytest.raises(SettingsError, match="no unlink of"):
        firm.decide("unlink", "psa:project:P7", CONTRACT_1, undo=True)
