"""Exclusions: time that counts for nothing, put in force before or after the fact, and taken back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from billtrail.errors import SettingsError
from billtrail.store import Store
from slos import SlosSettings
from slos.catalogue import read_catalogue
from slos.exclude import ExclusionWish, carry_out
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


def test_an_exclusion_that_names_an_unknown_sla_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "move.yaml"
    file.write_text(MOVE.replace("[invoice-status-propagation]", "[time-posting, invoice-status]"), encoding="utf-8")
    [problem] = read_catalogue(SlosSettings(exclusions=tmp_path), JOURNEYS).problems
    near = "there is no SLA invoice-status (did you mean invoice-status-propagation?)"
    assert str(problem) == f"{file}:7:22: slas: {near}"


def wish(action: str, **words: Any) -> ExclusionWish:
    usual = {"exclusion": "move", "reason": "because", "actor": "ada", "slas": ("invoice-status-propagation",)}
    return ExclusionWish(**{"action": action} | usual | words)


def test_an_exclusion_by_command_acts_at_the_next_step_and_is_audited(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    judge = judge_for(store, clock)
    clock.step(hours=5)
    judge.step()
    times = {"starts_at": NOON + hours(1), "ends_at": NOON + hours(3), "legal_entities": ("DE01",)}
    report = carry_out(store, clock, wish("exclude", **times))
    assert (report.is_changed, report.clocks) == (True, 1)
    assert carry_out(store, clock, wish("exclude", **times)).is_changed is False
    judge.reload()
    judge.step()
    assert read_clocks(store) == ["at_risk", "breached"]
    carry_out(store, clock, wish("include", actor="bob", reason="not agreed"))
    judge.step()
    assert read_clocks(store) == ["breached", "breached"]
    log = store.query("SELECT action, actor, target, reason FROM audit_log ORDER BY at, action")
    assert [tuple(row.values()) for row in log] == [
        ("sla.exclude", "ada", "move", "because"),
        ("sla.include", "bob", "move", "not agreed"),
    ]
    history = store.query("SELECT state FROM clock_verdicts WHERE subject_key = 'erp:invoice:C-1' ORDER BY known_at")
    assert [row["state"] for row in history] == ["breached", "at_risk", "breached"]


def test_what_was_excluded_while_no_judge_ran_is_judged_by_the_next_one(
    store: Store, clock: SteppedClock, firm: Firm
) -> None:
    clock.step(hours=5)
    judge_for(store, clock).step()
    clock.step(hours=1)
    carry_out(store, clock, wish("exclude", starts_at=NOON, ends_at=NOON + hours(5)))
    clock.step(hours=1)
    judge_for(store, clock).step()
    assert read_clocks(store) == ["running", "running"]


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"starts_at": NOON}, "a beginning and an end"),
        ({"starts_at": NOON, "ends_at": NOON}, "ends before it begins"),
        ({"starts_at": NOON, "ends_at": NOON + hours(1), "slas": ("time-post",)}, "there is no SLA time-post"),
        ({"action": "include"}, "there is no exclusion move"),
        ({"action": "include", "exclusion": "erp-move"}, "by a file"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(
    store: Store, clock: SteppedClock, tmp_path: Path, words: dict[str, Any], message: str
) -> None:
    (tmp_path / "move.yaml").write_text(MOVE, encoding="utf-8")
    judge_for(store, clock, exclusions=tmp_path).step()
    with pytest.raises(SettingsError, match=message):
        carry_out(store, clock, wish(**{"action": "exclude"} | words))
    assert store.query("SELECT count() AS n FROM audit_log") == [{"n": 1}]
