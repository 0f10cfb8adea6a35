"""What vendors sent, in the loader: each source by its own mapping, none in the way of another."""

import json
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from billtrail.store import Store
from collector.journal import Frame, encode_bodies
from collector.load.events import EventLoading
from collector.load.mapper import Mappings
from collector.load.tally import Tally
from collector.mapping import Compiled
from collector.metrics import CollectorMetrics
from tests.collector.conftest import make_event
from tests.collector.mapping.mapped import compile_sources, read_samples
from tests.collector.test_loader import load_all, make_loader, tell, write_journal


def sent(source: str, *bodies: str, door: str = "webhook") -> Frame:
    return Frame(encode_bodies([body.encode() for body in bodies]), source, door, 10**18, "event", len(bodies))


def sample(name: str) -> str:
    return read_samples(name)[0][1]


@pytest.fixture
def mappings() -> Mappings:
    return compile_sources(["salesforce", "hubspot", "jira"])


def load_frames(store: Store, tmp_path: Path, mappings: Mappings, *segments: list[Frame]) -> None:
    journal = write_journal(tmp_path / "events", *segments)
    load_all(make_loader(journal, store, EventLoading(store, mappings)))
    assert journal.is_drained
    journal.stop()


def find_types(store: Store) -> list[tuple[Any, ...]]:
    rows = store.query("SELECT source, event_type FROM events ORDER BY source, event_type")
    return [tuple(row.values()) for row in rows]


def test_vendors_and_canonical_events_of_one_segment_each_go_their_way(
    store: Store, tmp_path: Path, mappings: Mappings
) -> None:
    frames = [
        sent("salesforce", sample("salesforce/opportunity-won"), door="pull"),
        tell(make_event(1)),
        sent("jira", sample("jira/milestone-done"), sample("jira/comment-created")),
        sent("salesforce", sample("salesforce/contract-created"), door="file"),
    ]
    load_frames(store, tmp_path, mappings, frames)
    assert find_types(store) == [
        ("/jira", "milestone.completed"),
        ("/psa", "time.approved"),
        ("/salesforce", "contract.created"),
        ("/salesforce", "opportunity.won"),
    ]
    assert store.query("SELECT * FROM dead_letters") == []


def test_a_canonical_event_by_another_door_is_not_mistaken_for_a_vendors(
    store: Store, tmp_path: Path, mappings: Mappings
) -> None:
    told = json.dumps(make_event(1))
    load_frames(store, tmp_path, mappings, [sent("salesforce", told, door="cloudevents")])
    assert find_types(store) == [("/psa", "time.approved")]


def test_told_again_in_a_later_segment_it_is_one_event(store: Store, tmp_path: Path, mappings: Mappings) -> None:
    frame = sent("salesforce", sample("salesforce/opportunity-won"))
    load_frames(store, tmp_path, mappings, [frame, frame], [frame])
    assert find_types(store) == [("/salesforce", "opportunity.won")]
    found = store.query("SELECT segment, duplicates FROM segment_ledger FINAL WHERE stage = 'loaded' ORDER BY segment")
    assert [tuple(row.values()) for row in found] == [(1, 1), (2, 1)]


def test_every_message_is_counted_for_what_it_became(store: Store, tmp_path: Path, mappings: Mappings) -> None:
    batch = sample("hubspot/batch")
    load_frames(store, tmp_path, mappings, [sent("hubspot", batch), sent("jira", "{", "{}"), tell(make_event(1))])
    rows = store.query("SELECT source, events, ignored, rejected FROM source_tallies FINAL ORDER BY source")
    assert [tuple(row.values()) for row in rows] == [("/hubspot", 2, 1, 0), ("/jira", 0, 0, 2), ("/psa", 1, 0, 0)]


def test_each_bad_message_of_a_body_is_a_dead_letter_of_its_own(
    store: Store, tmp_path: Path, mappings: Mappings
) -> None:
    batch = json.dumps([{"subscriptionType": "planet.teleported"}, {"x": 1}, *json.loads(sample("hubspot/batch"))])
    load_frames(store, tmp_path, mappings, [sent("hubspot", batch)])
    letters = store.query("SELECT dead_letter_id, source, door, reason, body FROM dead_letters ORDER BY dead_letter_id")
    assert [letter["dead_letter_id"] for letter in letters] == ["events-1-0-0-1", "events-1-0-0-2"]
    assert {(one["source"], one["door"], one["body"]) for one in letters} == {("hubspot", "webhook", batch)}
    assert len(find_types(store)) == 2


def test_a_source_nobody_knows_is_kept_as_dead_letters(store: Store, tmp_path: Path, mappings: Mappings) -> None:
    load_frames(store, tmp_path, mappings, [sent("atlantis", "{}"), tell(make_event(1))])
    [letter] = store.query("SELECT source, reason, detail FROM dead_letters")
    assert letter == {"source": "atlantis", "reason": "unknown_type", "detail": "atlantis: no source has this name"}
    assert find_types(store) == [("/psa", "time.approved")]


def test_a_mapping_that_cannot_be_run_costs_its_own_messages_alone(store: Store, tmp_path: Path) -> None:
    good = compile_sources(["jira"])
    broken = Mappings({**good.compiled, "acme": Compiled("acme", "SELECT no_such_function(1)")})
    frames = [sent("acme", *["{}"] * 50), sent("jira", sample("jira/milestone-done")), tell(make_event(1))]
    load_frames(store, tmp_path, broken, frames)
    assert find_types(store) == [("/jira", "milestone.completed"), ("/psa", "time.approved")]
    [row] = store.query("SELECT count() AS n, any(source) AS source, any(detail) AS detail FROM dead_letters")
    assert (row["n"], row["source"]) == (50, "acme")
    assert row["detail"].startswith("the mapping of acme cannot be run")


def test_a_message_a_mapping_cannot_be_run_on_is_found_by_halving(store: Store, tmp_path: Path) -> None:
    good = compile_sources(["jira"]).compiled["jira"]
    poisoned = good.select.replace(
        "raw.body) AS body", "substring(raw.body, 1 + throwIf(raw.body = '\"poison\"', 'x'))) AS body"
    )
    frames = [sent("jira", sample("jira/milestone-done"), '"poison"', sample("jira/worklog-created"))]
    load_frames(store, tmp_path, Mappings({"jira": Compiled("jira", poisoned)}), frames)
    assert [kind for _, kind in find_types(store)] == ["milestone.completed", "time.submitted"]
    [letter] = store.query("SELECT reason, body FROM dead_letters")
    assert letter == {"reason": "unreadable", "body": '"poison"'}
    [tally] = store.query("SELECT sum(events) AS events, sum(rejected) AS rejected FROM source_tallies FINAL")
    assert tally == {"events": 2, "rejected": 1}


def test_what_sources_become_is_shown_as_metrics_under_a_bounded_number_of_names() -> None:
    registry = CollectorRegistry()
    metrics = CollectorMetrics(registry)
    for number in range(300):
        tally = Tally(f"/{number}", events=1, rejected=2)
        metrics.count_messages(tally.source, tally.events, tally.ignored, tally.rejected)
    text = generate_latest(registry).decode()
    assert 'billtrail_source_messages_total{outcome="rejected",source="/7"} 2.0' in text
    assert 'billtrail_source_messages_total{outcome="events",source="other"} 100.0' in text
