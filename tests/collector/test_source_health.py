"""What is known of a source's health: last word, ordinary silence, and what became of its messages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from billtrail.store import Store
from collector.firm_sources import read_firm_sources
from collector.load.expectation import write_expectations
from collector.settings import CollectorSettings
from tests.support.events import Event, put_events

LAST = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def health(store: Store) -> dict[str, dict[str, Any]]:
    return {row["source"]: row for row in store.query("SELECT * FROM source_health")}


def put_tally(store: Store, source: str, segment: int, **counts: int) -> None:
    row = {"source": source, "segment": segment, "first": 0, "system": "", "events": 0, "ignored": 0, "rejected": 0}
    store.insert("source_tallies", [{**row, **counts, "last_received_at": LAST}])


def test_what_became_of_messages_is_added_up_and_a_repeat_counts_once(store: Store) -> None:
    for segment in (1, 2, 2):
        put_tally(store, "/jira", segment, events=3, ignored=2, rejected=1)
    row = health(store)["/jira"]
    assert (row["ignored"], row["rejected"]) == (4, 2)


def test_a_source_that_sends_only_what_means_nothing_is_alive(store: Store) -> None:
    put_events(store, 1, [Event("e", "time.approved", (("psa:time_entry:1", ""),), hours=-500)])
    put_tally(store, "/psa", 2, ignored=1)
    row = health(store)["/psa"]
    assert (row["last_received_at"], row["system"]) == (LAST, "psa")
    assert row["watermark"] < LAST


@pytest.mark.parametrize(("said", "hours"), [({}, 72), ({"jira": {"expected_seconds": 7200}}, 2)])
def test_silence_begins_when_more_than_the_ordinary_one_has_passed(store: Store, said: Any, hours: int) -> None:
    settings = CollectorSettings(sources=said)
    catalogue = read_firm_sources(settings)
    assert write_expectations(store, catalogue, settings) > 0
    assert write_expectations(store, catalogue, settings) == 0
    put_tally(store, "/jira", 1, events=1)
    row = health(store)["/jira"]
    assert row["expected_ms"] == hours * 3_600_000
    assert (row["silent_at"] - LAST).total_seconds() == hours * 3600
    assert row["silent_since"] == row["silent_at"]


def test_where_nobody_says_how_long_a_day_is_ordinary(store: Store) -> None:
    put_tally(store, "/somebody", 1, events=1)
    assert health(store)["/somebody"]["expected_ms"] == 86_400_000


def test_a_source_just_heard_is_live(store: Store) -> None:
    row = {"source": "/x", "segment": 1, "first": 0, "system": "x", "events": 1, "ignored": 0, "rejected": 0}
    store.insert("source_tallies", [row | {"last_received_at": datetime.now(UTC)}])
    assert (health(store)["/x"]["state"], health(store)["/x"]["silent_since"]) == ("live", None)
