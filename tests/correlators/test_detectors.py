"""Detectors: each says what it asks, whose it is and what to do; what it no longer says is resolved."""

from pathlib import Path

import pytest

from billtrail.errors import InvariantError
from billtrail.store import Store
from correlators.detect import DetectLoop, Detector, read_detectors
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from correlators.stitch import Stitcher
from tests.correlators.firm import FIRM, PROJECT_2
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


def test_two_ids_of_one_system_for_one_thing_are_found(store_with_journeys: Store, clock: SteppedClock) -> None:
    store = store_with_journeys
    twin = Event("twin", "project.created", (("erp:project:10", "subject"), ("psa:project:P1", "same_as")), 6)
    put_events(store, 1, [*FIRM, twin])
    Stitcher(store, clock, 10_000).step()
    DetectLoop(store, clock, read_detectors()).step()
    (found,) = store.query("SELECT evidence, lifecycle_id FROM findings")
    assert found == {"evidence": "erp knows psa:project:P1 as 10, 9", "lifecycle_id": "crm:contract:C1"}


def test_steady_traffic_does_not_keep_detectors_waiting(store: Store, clock: SteppedClock) -> None:
    put_events(store, 1, [*FIRM, FIRST, COPY])
    assert Correlators(store, clock, CorrelatorsSettings()).step() > 0
    assert store.query("SELECT detector FROM findings") == [{"detector": "invoice_issued_twice"}]


def test_a_detector_without_a_runbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.sql").write_text("-- Question: what?\nSELECT 1\n", encoding="utf-8")
    with pytest.raises(InvariantError, match="owner, runbook, severity"):
        read_detectors(tmp_path)
