"""A gap is closed by a person, with a reason that is kept, and opened again."""

import pytest

from billtrail.errors import SettingsError
from billtrail.store import Store
from collector.pull.close_gap import GapReport, GapWish, carry_out
from collector.pull.desk import Desk
from collector.pull.gaps import Gap, GapReason
from tests.support.clock import SteppedClock

GAP = Gap("events", GapReason.OVERFLOW, record="Contract", proof="p")


def close(store: Store, clock: SteppedClock, gap_id: str, *, is_undone: bool = False) -> GapReport:
    wish = GapWish(gap_id=gap_id, reason="loaded by hand", actor="ann", is_undone=is_undone)
    return carry_out(store, clock, wish)


def count_open(store: Store) -> int:
    return int(store.query("SELECT count() AS n FROM source_gaps WHERE isNull(resolved_at)")[0]["n"])


def test_a_gap_is_closed_once_and_opened_again_and_both_are_audited(
    store: Store, desk: Desk, clock: SteppedClock
) -> None:
    desk.gaps.note(GAP)
    first = close(store, clock, GAP.id)
    assert (first.source, first.what, first.is_changed, count_open(store)) == ("crm", "Contract", True, 0)
    assert not close(store, clock, GAP.id).is_changed
    assert not desk.gaps.note(GAP)
    assert close(store, clock, GAP.id, is_undone=True).is_changed
    assert count_open(store) == 1
    audited = store.query("SELECT actor, action, target, reason FROM audit_log WHERE target = 'crm' ORDER BY action")
    assert [tuple(row.values()) for row in audited] == [
        ("ann", "gap closed", "crm", "loaded by hand"),
        ("ann", "gap opened again", "crm", "loaded by hand"),
    ]


def test_a_gap_nobody_noted_cannot_be_closed(store: Store, clock: SteppedClock) -> None:
    with pytest.raises(SettingsError, match="no gap has the id g-1"):
        close(store, clock, "g-1")
