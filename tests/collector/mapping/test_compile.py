"""The compiled statement stands where the mapping of CloudEvents stands: same table, same columns, same meaning."""

import pytest

from billtrail.store import Store
from collector.mapping import MAPPED_COLUMNS, compile_source, read_catalogue, read_source
from collector.mapping.catalogue import SHIPPED
from collector.mapping.scaffold import scaffold_source
from tests.collector.mapping.conftest import Write
from tests.collector.mapping.mapped import load, map_segment, put_raw, read_samples

MESSAGES = (
    "salesforce/contract-created",
    "docusign/envelope-completed",
    "salesforce/unknown-object",
    "jira/comment-created",
)


@pytest.fixture
def mapped(store: Store) -> Store:
    put_raw(store, 1, read_samples(*MESSAGES))
    map_segment(store, 1, ["salesforce", "docusign", "jira"])
    return store


def test_it_has_every_column_the_decision_needs(mapped: Store) -> None:
    columns = [row["name"] for row in mapped.query("DESCRIBE TABLE mapped_events") if not row["default_type"]]
    assert sorted(columns) == sorted(MAPPED_COLUMNS)


def test_sources_stand_side_by_side_and_every_row_has_a_place_of_its_own(mapped: Store) -> None:
    rows = mapped.query("SELECT source, frame, reason FROM mapped_events ORDER BY arrival")
    assert [tuple(row.values()) for row in rows] == [
        ("/docusign", 1, ""),
        ("/jira", 3, "ignored"),
        ("/salesforce", 0, ""),
        ("/salesforce", 2, "unknown_type"),
    ]
    assert mapped.query("SELECT uniqExact(arrival) AS n FROM mapped_events") == [{"n": 4}]


def test_it_maps_only_the_stretch_it_is_asked_for(store: Store) -> None:
    put_raw(store, 1, read_samples("jira/milestone-done", "jira/milestone-reopened", "jira/worklog-created"))
    only = {"segment": 1, "first": 2**32, "last": 2**32, "first_arrival": 7, "mends": 0}
    rows = store.query(compile_source(read_source(SHIPPED / "jira")).select, only)
    assert [(row["arrival"], row["event_type"]) for row in rows] == [(7, "milestone.reopened")]


def test_told_twice_it_is_one_event(store: Store) -> None:
    once = read_samples("netsuite/invoice-created")
    load(store, 1, once)
    load(store, 2, once * 2)
    assert store.query("SELECT count() AS n FROM event_versions FINAL") == [{"n": 1}]


def test_every_shipped_source_can_be_read() -> None:
    assert dict(read_catalogue().refused) == {}


@pytest.mark.parametrize(
    "sample", sorted(SHIPPED.glob("*/samples/in-*.json")), ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_a_source_can_be_begun_from_any_sample(write: Write, sample: object) -> None:
    text = scaffold_source("firm", sample.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    assert compile_source(write(text, head="")).source == "firm"
