"""Exclusions: time that counts for nothing, put in force before or after the fact, and taken back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from billtrail.store import Store
from slos import SlosSettings
from slos.catalogue import read_catalogue
from tests.slos.firm import JOURNEYS, Firm, hours, judge_for, read_clocks
from tests.support.clock import NOON, SteppedClock

MOVE = """
exclusion: erp-move
from: 2026-03-02T14:00:00+01:00
until: 2026-03-02T16:00:00+01:00
reason: move to the new ERP
decided_by: cfo@firm.example
slas: [invoice-status-propagation]
legal_entities: [DE01]
"""


@pytest.fixture
def firm(store: Store) -> Firm:
    firm = Firm(store)
    for contract, legal_entity in (("C-1", "DE01"), ("C-2", "UK01")):
        firm.know(contract, legal_entity=legal_entity)
        firm.reach(contract, "invoice_issued", NOON, subject=f"erp:invoice:{contract}")
    return firm


def test_an_exclusion_after_the_fact_restates_keeps_the_old_verdict_and_is_audited(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    judge = judge_for(store, clock, exclusions=tmp_path)
    clock.step(hours=5)
    judge.step()
    assert read_clocks(store) == ["breached", "breached"]
    (tmp_path / "move.yaml").write_text(MOVE, encoding="utf-8")
    clock.step(minutes=1)
    assert judge.reload() == ()
    judge.step()
    assert read_clocks(store, "state, due_at") == [
        ("at_risk", datetime(2026, 3, 3, 10, tzinfo=UTC)),
        ("breached", NOON + hours(4)),
    ]
    verdicts = store.query("SELECT state FROM clock_verdicts WHERE subject_key = 'erp:invoice:C-1' ORDER BY known_at")
    assert [row["state"] for row in verdicts] == ["breached", "at_risk"]
    (tmp_path / "move.yaml").unlink()
    clock.step(minutes=1)
    judge.reload()
    judge.step()
    assert read_clocks(store) == ["breached", "breached"]
    log = store.query("SELECT action, actor, target, reason FROM audit_log ORDER BY at")
    assert [tuple(row.values()) for row in log] == [
        ("sla.exclude", "cfo@firm.example", "erp-move", "move to the new ERP"),
        ("sla.include", "cfo@firm.example", "erp-move", "move to the new ERP"),
    ]


def test_a_planned_exclusion_stops_the_clocks_when_it_begins_and_lets_them_run_when_it_ends(
    store: Store, clock: SteppedClock, firm: Firm, tmp_path: Path
) -> None:
    (tmp_path / "move.yaml").write_text(MOVE, encoding="utf-8")
    judge = judge_for(store, clock, exclusions=tmp_path)
    states = []
    for step_h in (0.5, 1, 1.5, 0.25):
        judge.step()
        clock.step(hours=step_h)
        judge.step()
        states.append(read_clocks(store, "state, reason")[0])
    assert states == [("running", "in_time"), ("paused", "excluded"), ("running", "in_time"), ("running", "in_time")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("until: 2026-03-02T16", "until: 2026-03-02T13", "ends before it begins"),
        ("14:00:00+01:00", "14:00:00", "has no time zone"),
        ("reason: move to the new ERP", "", "is missing"),
        ("[invoice-status-propagation]", "[invoice-status]", "there is no SLA invoice-status"),
        ("decided_by", "decided", "unknown key"),
    ],
)
def test_an_exclusion_with_a_mistake_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in MOVE
    (tmp_path / "move.yaml").write_text(MOVE.replace(old, new), encoding="utf-8")
    problems = read_catalogue(SlosSettings(exclusions=tmp_path), JOURNEYS).problems
    assert message in [problem.message for problem in problems]
