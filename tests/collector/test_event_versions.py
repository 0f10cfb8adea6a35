"""One event, told many times: whatever the order, the batching and the redeliveries, the same version stands."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billtrail.clock import SystemClock
from billtrail.store import Store
from collector.journal import ClosedSegment, Frame, encode_bodies
from collector.journal.frame import encode_frame
from collector.load.events import EventLoading, derive_events
from collector.load.loader import Loaded
from tests.collector.conftest import make_event

SHOWN = "event_id, event_type, is_withdrawn"


class Teller:
    """Loads one segment for each call of `tell`, without doors and threads."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.number = 0
        self._folder = folder
        self._loading = EventLoading(store)

    def tell(self, *bodies: dict[str, Any] | bytes, record: str = "event") -> Loaded:
        self.number += 1
        raw = [body if isinstance(body, bytes) else json.dumps(body).encode() for body in bodies]
        at_ns = int(SystemClock().now().timestamp() * 1000) * 10**6
        frame = Frame(encode_bodies(raw), "told", "cloudevents", at_ns, record, len(raw))
        path = self._folder / f"{self.number:020}.seg"
        path.write_bytes(b"".join(encode_frame(frame, 0)))
        return self.load(ClosedSegment(self.number, path, path.stat().st_size, is_ours=False))

    def load(self, segment: ClosedSegment) -> Loaded:
        self._loading.take(segment)
        return self._loading.derive(segment.number)

    def rows(self, columns: str = SHOWN) -> list[tuple[Any, ...]]:
        found = self.store.query(f"SELECT {columns} FROM event_versions FINAL ORDER BY source, event_id")
        return [tuple(row.values()) for row in found]


@pytest.fixture
def teller(store: Store, tmp_path: Path) -> Teller:
    return Teller(store, tmp_path)


def version(letter: str, sequence: Any = None, number: int = 1) -> dict[str, Any]:
    return make_event(number, type=letter, sequence=sequence)


def withdrawal(number: int = 1, **data: Any) -> dict[str, Any]:
    return make_event(1000 + number, type="event.withdrawn", data={"event_id": f"ev-{number}", **data})


def test_the_same_content_is_dropped_and_counted(teller: Teller) -> None:
    assert teller.tell(version("a"), version("a")).duplicates == 1
    assert teller.tell(version("a")).duplicates == 1
    assert teller.rows("event_type, revision, segment") == [("a", 0, 1)]
    assert teller.store.query("SELECT count() AS n FROM raw_events") == [{"n": 3}]


def test_other_content_is_a_correction_and_the_older_stays_in_raw(teller: Teller) -> None:
    teller.tell(version("a"))
    teller.tell(version("b"))
    assert teller.rows("event_type, revision, segment") == [("b", 1, 2)]
    assert teller.store.query("SELECT count() AS n FROM raw_events") == [{"n": 2}]


def test_an_old_version_that_is_delivered_again_stays_replaced(teller: Teller) -> None:
    teller.tell(version("a"))
    teller.tell(version("b"), version("a"))
    assert teller.tell(version("a")).duplicates == 1
    assert teller.rows("event_type, revision, segment") == [("b", 1, 2)]


@pytest.mark.parametrize(
    ("older", "newer"), [("0001", "0002"), ("9", "10"), (9, 10), ("2026-01", "2026-02"), (None, "1")]
)
def test_the_higher_sequence_wins_in_any_order(teller: Teller, older: Any, newer: Any) -> None:
    teller.tell(version("new", newer, 1), version("old", older, 2))
    teller.tell(version("old", older, 1), version("new", newer, 2))
    teller.tell(version("new", newer, 3), version("old", older, 3))
    assert [row[1] for row in teller.rows()] == ["new"] * 3


def test_a_withdrawal_holds_whatever_came_first(teller: Teller) -> None:
    teller.tell(version("a", number=1), withdrawal(2))
    teller.tell(withdrawal(1), version("a", number=2), withdrawal(3), version("a", number=3))
    teller.tell(version("b", number=1))
    assert teller.rows() == [("ev-1", "b", True), ("ev-2", "a", True), ("ev-3", "a", True)]
    assert teller.store.query("SELECT * FROM events") == []


def test_a_withdrawal_may_name_another_source(teller: Teller) -> None:
    teller.tell(version("a"), make_event(1, source="/erp"))
    teller.tell(make_event(9, source="/crm", type="event.withdrawn", data={"source": "/erp", "event_id": "ev-1"}))
    assert teller.rows("source, is_withdrawn") == [("/erp", True), ("/psa", False)]


def test_a_withdrawn_event_keeps_what_it_was(teller: Teller) -> None:
    teller.tell(make_event(1))
    before = teller.rows("objects, amount, content_hash")
    teller.tell(withdrawal(1))
    assert teller.rows("objects, amount, content_hash") == before


def test_deriving_a_segment_again_changes_nothing(teller: Teller) -> None:
    teller.tell(version("a"), version("b"), version("a", number=2), withdrawal(2), version("x", number=3), b"{")
    teller.tell(version("c"), withdrawal(3), withdrawal(4))
    before = teller.store.query("SELECT * FROM event_versions ORDER BY ALL")
    letters = teller.store.query("SELECT * FROM dead_letters")
    for number in (1, 2, 2, 1):
        derive_events(teller.store, number)
    assert teller.store.query("SELECT * FROM event_versions FINAL ORDER BY ALL") == before_final(before)
    assert teller.store.query("SELECT * FROM dead_letters") == letters


def before_final(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda one: one["segment"]):
        newest[row["event_id"]] = row
    return sorted(newest.values(), key=lambda one: one["event_id"])


TOLD = st.one_of(
    st.tuples(st.just("told"), st.sampled_from("abc"), st.sampled_from([None, "1", "2"])),
    st.tuples(st.just("withdrawn"), st.just(""), st.none()),
)


def expected(told: Sequence[tuple[str, str, str | None]]) -> list[tuple[Any, ...]]:
    """The rule in plain words: highest sequence, then the last of those told for the first time."""
    first: dict[tuple[str, str], int] = {}
    for place, (kind, letter, sequence) in enumerate(told):
        if kind == "told":
            first.setdefault((sequence or "", letter), place)
    winner = max(first, key=lambda one: (one[0], first[one])) if first else ("", "")
    return [("ev-1", winner[1], any(kind == "withdrawn" for kind, _, _ in told))] if told else []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TOLD, min_size=1, max_size=8), st.data())
def test_any_batching_and_any_redelivery_give_the_same_version(teller: Teller, told: Any, data: Any) -> None:
    teller.store.command("TRUNCATE TABLE event_versions")
    bodies = [withdrawal() if kind == "withdrawn" else version(letter, seq) for kind, letter, seq in told]
    repeats = data.draw(st.lists(st.integers(0, len(told) - 1), max_size=4))
    places = [*range(len(told)), *repeats]
    while places:
        size = data.draw(st.integers(1, len(places)))
        teller.tell(*(bodies[place] for place in places[:size]))
        places = places[size:]
    assert teller.rows() == expected(told)
