"""Everything derived anew from the events comes out as it was, row for row, and what people decided stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from billtrail.store import Store
from correlators.link import LinkWish
from correlators.link import carry_out as decide
from correlators.rebuild import RebuildWish, carry_out, read_progress
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from tests.correlators.firm import CONTRACT_1, WHOLE_FIRM
from tests.correlators.test_same_answer import outcome
from tests.support.clock import SteppedClock
from tests.support.events import Event, put_declarations, put_events
from tests.support.store import drop_test_store, open_test_store

LOST = Event("lost", "project.created", (("psa:project:P7", "subject"),), 3)


class Firm:
    """The whole firm, told in two segments, with a decision, a correction and a declaration; correlated."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, SteppedClock()
        self.is_quiet = True
        put_events(store, 1, WHOLE_FIRM[:18])
        put_declarations(store, 2, {"psa:project:P9": (("psa:project:P9", CONTRACT_1, "part_of"),)})
        put_events(store, 3, [*WHOLE_FIRM[18:], LOST, WHOLE_FIRM[6].changed(amount="120", revision=1)])
        link: dict[str, Any] = {"decision": "link", "from_key": "psa:project:P7", "to_key": CONTRACT_1}
        self.room = Correlators(store, self.clock, CorrelatorsSettings(batch_events=18), lambda: self.is_quiet)
        self.room.drain()
        self.clock.step(minutes=1)
        decide(store, self.clock, LinkWish(**link, reason="as agreed", actor="ada"))
        self.room.drain()
        self.clock.step(minutes=1)

    def read(self) -> dict[str, list[dict[str, Any]]]:
        findings = self.store.query("SELECT * FROM finding_rows ORDER BY detector, subject_key, version")
        return {
            **outcome(self.store),
            "findings": findings,
            "decisions": self.store.rows("correlators", "list_decisions"),
        }

    def is_under_way(self) -> bool:
        return bool(self.store.rows("billtrail.platform", "rebuild_under_way")[0]["is_under_way"])


@pytest.fixture(scope="module")
def firm(engine_path: Path) -> Iterator[Firm]:
    store = open_test_store(engine_path)
    yield Firm(store)
    drop_test_store(store)


def test_a_dry_run_counts_and_asks_for_nothing(firm: Firm) -> None:
    report = carry_out(firm.store, firm.clock, RebuildWish(actor="ada", is_dry=True))
    assert (report.asked, report.events, report.decisions) == (0, len(WHOLE_FIRM) + 1, 1)
    assert report.lifecycles == len(firm.read()["lifecycles"])
    assert not firm.is_under_way()


def test_everything_is_derived_anew_and_is_as_it_was(firm: Firm) -> None:
    """Step by step: asked for, waited for, broken off while it forgets, begun again, done."""
    before = firm.read()
    linked = {row["event_id"] for row in before["lifecycle_events"] if row["lifecycle_id"] == CONTRACT_1}
    assert "lost" in linked
    asked = carry_out(firm.store, firm.clock, RebuildWish(actor="ada", reason="to be sure")).asked
    firm.is_quiet = False
    assert firm.room.drain() == 0
    assert firm.is_under_way()
    assert not read_progress(firm.store, asked).has_begun
    assert firm.read() == before
    for table in ("lifecycle_rows", "object_rows"):
        firm.store.command(f"TRUNCATE TABLE {table}")
    firm.is_quiet = True
    firm.room.step()
    progress = read_progress(firm.store, asked)
    assert progress.has_begun
    assert 0 < progress.done < progress.total
    assert firm.is_under_way()
    firm.room.drain()
    assert read_progress(firm.store, asked).is_over
    assert not firm.is_under_way()
    assert firm.read() == before
    audit = firm.store.query("SELECT actor, target, reason FROM audit_log WHERE action = 'rebuild'")
    assert audit == [{"actor": "ada", "target": "lifecycles", "reason": "to be sure"}]
