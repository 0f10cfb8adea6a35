"""The view `relations`: every tie with its reason, the weak ones too; found by either end, the others unread."""

import pytest

from billtrail.store import Store
from correlators.stitch import Stitcher
from tests.correlators.firm import CONTRACT_1, CONTRACT_2, FIRM
from tests.support.clock import SteppedClock
from tests.support.events import put_declarations, put_events

TRACE = "trace::" + "ab" * 16


@pytest.fixture
def firm(store_with_journeys: Store, clock: SteppedClock) -> Store:
    store = store_with_journeys
    put_events(store, 1, FIRM)
    put_declarations(store, 2, {"psa:project:P4": (("psa:project:P4", CONTRACT_1, "part_of"),)})
    Stitcher(store, clock, 10_000).step()
    return store


def test_events_without_objects_are_tied_by_their_correlation_id_or_their_trace(firm: Store) -> None:
    rows = firm.query("SELECT * FROM relations WHERE confidence NOT IN ('declared', 'manual') ORDER BY from_key")
    assert [tuple(row.values()) for row in rows] == [
        ("correlation_id::run-1", CONTRACT_1, "correlated", "", "same-correlation-id", "correlation_id", "failed-1"),
        (TRACE, CONTRACT_2, "correlated", "", "same-trace", "trace", "failed-3"),
    ]
    for where, found in ((f"from_key = '{TRACE}'", 1), (f"to_key = '{CONTRACT_1}' AND kind = 'correlated'", 1)):
        assert len(firm.query(f"SELECT * FROM relations WHERE {where}")) == found


def test_a_relation_is_found_by_either_end_without_reading_the_others(firm: Store) -> None:
    tables = {"relation_rows", "declared_edges", "lifecycle_event_rows"}

    def read_by(where: str) -> set[str]:
        rows = firm.query(f"EXPLAIN ESTIMATE SELECT * FROM relations WHERE {where}")
        return {row["table"] for row in rows if row["rows"]} & tables

    assert read_by("event_id != '~'") == tables
    assert read_by("from_key = '~'") == read_by("to_key = '~'") == set()
    assert read_by("from_key IN ('~', '~~') AND to_key IN ('~')") == set()
