"""Detectors: each says what it asks, whose it is and what to do; what it no longer says is resolved."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from billtrail.errors import InvariantError
from billtrail.store import Row, Store
from correlators.detect import FOLDER, DetectLoop, Detector, read_detectors
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from correlators.stitch import Stitcher
from tests.correlators.firm import CONTRACT_1, CONTRACT_2, FIRM, PROJECT_1, PROJECT_1_ERP, PROJECT_2
from tests.support.clock import SteppedClock
from tests.support.events import Event, put_events

ROOT = Path(__file__).parents[2]
COPY = Event(
    "copy",
    "invoice.issued",
    (("erp:invoice:I2", "subject"), (PROJECT_2, "part_of"), ("psa:billing_milestone:M1", "bills")),
    25,
    amount="250",
)
FIRST = Event(
    "first",
    "invoice.issued",
    (("erp:invoice:I0", "subject"), (PROJECT_2, "part_of"), ("psa:billing_milestone:M1", "bills")),
    22,
    amount="250",
)


@pytest.mark.parametrize("detector", read_detectors(), ids=lambda detector: detector.name)
def test_every_detector_answers_and_has_a_runbook(store_with_journeys: Store, detector: Detector) -> None:
    assert store_with_journeys.query(detector.sql) == []
    assert detector.severity in ("critical", "warning", "info")
    assert (ROOT / detector.runbook).is_file()


def test_a_finding_comes_once_and_is_resolved_when_its_cause_is_gone(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    store = store_with_journeys
    stitcher, detect = Stitcher(store, clock, 10_000), DetectLoop(store, clock, read_detectors())
    put_events(store, 1, [*FIRM, FIRST, COPY])
    stitcher.step()
    assert detect.step() == 1
    assert detect.step() == 0
    (found,) = store.query("SELECT * FROM findings")
    assert (found["detector"], found["subject_key"]) == ("invoice_issued_twice", "erp:invoice:I2")
    assert "erp:invoice:I0" in found["evidence"]
    clock.step(hours=1)
    put_events(store, 2, [COPY.withdrawn()])
    stitcher.step()
    detect.step()
    (found,) = store.query("SELECT * FROM findings")
    assert found["resolved_at"] == clock.now()


def find(store: Store, clock: SteppedClock, *told: Event) -> list[Row]:
    put_events(store, 1, told)
    Stitcher(store, clock, 10_000).step()
    DetectLoop(store, clock, read_detectors()).step()
    return store.query("SELECT * FROM findings ORDER BY detector, subject_key")


def test_two_ids_of_one_system_for_one_thing_are_found(store_with_journeys: Store, clock: SteppedClock) -> None:
    twin = Event("twin", "project.created", (("erp:project:10", "subject"), ("psa:project:P1", "same_as")), 6)
    (found,) = find(store_with_journeys, clock, *FIRM, twin)
    told = (found["subject_key"], found["evidence"], found["lifecycle_id"])
    assert told == (PROJECT_1_ERP, "erp knows psa:project:P1 as 10, 9", CONTRACT_1)


def test_doubles_in_two_systems_are_two_findings_that_name_every_lifecycle(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    objects = (("erp:project:10", "subject"), ("psa:project:P1", "same_as"), (CONTRACT_2, "part_of"))
    twins = [
        Event("twin", "project.created", objects, 6),
        Event("again", "project.created", (("psa:project:P0", "subject"), (PROJECT_1_ERP, "same_as")), 6),
    ]
    found = find(store_with_journeys, clock, *FIRM, *twins)
    lifecycles = f"in {CONTRACT_1}, {CONTRACT_2}"
    assert [(row["subject_key"], row["evidence"], row["lifecycle_id"]) for row in found] == [
        (PROJECT_1_ERP, f"erp knows psa:project:P1 as 10, 9, {lifecycles}", CONTRACT_1),
        (PROJECT_1, f"psa knows psa:project:P1 as P0, P1, {lifecycles}", CONTRACT_1),
    ]


def test_steps_of_one_object_that_were_rejected_are_one_finding(
    store_with_journeys: Store, clock: SteppedClock
) -> None:
    objects = ((PROJECT_1, "subject"), (CONTRACT_1, "part_of"))
    failed = Event("no", "project.created", objects, 3, outcome="failure", amount="7")
    told = [failed, failed.changed(event_id="again", hours=4), failed.changed(event_id="erp", system="erp", hours=5)]
    (found,) = find(store_with_journeys, clock, FIRM[1], *told)
    told_of = "project in psa failed 2 times in psa, first as other; project in erp failed once in erp as other"
    assert (found["subject_key"], found["evidence"], found["amount"]) == (CONTRACT_1, told_of, Decimal(7))


def test_an_invoice_told_twice_is_worth_what_was_told_last(store_with_journeys: Store, clock: SteppedClock) -> None:
    bills = (("erp:invoice:I2", "subject"), (PROJECT_2, "part_of"), ("psa:time_entry:T5", "bills"))
    told = [
        Event("worked", "time.submitted", (("psa:time_entry:T5", "subject"), (PROJECT_2, "part_of")), 5),
        *(Event(f"issued-{day}", "invoice.issued", bills, 20 + day, amount=str(day)) for day in (2, 9, 5)),
    ]
    (found,) = find(store_with_journeys, clock, *FIRM[1:6], *told)
    assert (found["detector"], found["amount"]) == ("unapproved_work_invoiced", Decimal(9))
    others = [file.name for file in FOLDER.glob("*.sql") if re.search(r"\bany\(", file.read_text(encoding="utf-8"))]
    assert others == []  # What is left to the engine's choice may differ from one run to the next.


def test_steady_traffic_does_not_keep_detectors_waiting(store: Store, clock: SteppedClock) -> None:
    put_events(store, 1, [*FIRM, FIRST, COPY])
    assert Correlators(store, clock, CorrelatorsSettings()).step() > 0
    assert store.query("SELECT detector FROM findings") == [{"detector": "invoice_issued_twice"}]


def test_a_detector_without_a_runbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.sql").write_text("-- Question: what?\nSELECT 1\n", encoding="utf-8")
    with pytest.raises(InvariantError, match="owner, runbook, severity"):
        read_detectors(tmp_path)
