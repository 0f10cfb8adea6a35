"""The poller against a vendor on a real port: pages, positions, limits, failures, gaps, crashes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import JSONResponse, Response

from billtrail.errors import StoreError
from billtrail.store import Store
from collector.mapping.pull import HttpPull
from collector.pull.cursors import Cursors, Position
from collector.pull.desk import Desk
from collector.pull.http import HttpPoller
from tests.collector.pull.conftest import Keeping, read_pull_of, steady
from tests.collector.pull.vendor import Vendor
from tests.support.clock import NOON, SteppedClock

PAGED = """
stream: things
url: "{url}/things"
query: {since: "{cursor}", page: "{page}"}
items: "$items[]"
cursor: {path: $at, first: 1d}
paging: {by: page, size: 2}
"""
Make = Callable[[str], HttpPoller]


@pytest.fixture
def make(desk: Desk, vendor: Vendor, tmp_path: Path) -> Iterator[Make]:
    with httpx.Client(timeout=30) as client:

        def _make(text: str) -> HttpPoller:
            rule = read_pull_of(tmp_path, text.replace("{url}", vendor.url))
            assert isinstance(rule, HttpPull)
            return HttpPoller(desk, rule, client, None, steady())

        yield _make


def thing(name: str, at: str = "2026-03-02T10:00:00Z") -> dict[str, str]:
    return {"id": name, "at": at, "type": "thing"}


def page(*items: dict[str, str], **more: object) -> Response:
    return JSONResponse({"items": list(items), **more})


def poll(poller: HttpPoller, steps: int) -> list[int]:
    return [poller.step() for _ in range(steps)]


def wait_s(poller: HttpPoller, clock: SteppedClock) -> float:
    return (poller.due_at - clock.now()).total_seconds()


def test_pages_are_read_to_the_end_and_then_the_position_moves(
    make: Make, vendor: Vendor, keeping: Keeping, desk: Desk, clock: SteppedClock
) -> None:
    vendor.answers += [page(thing("a"), thing("b", "2026-03-02T11:00:00Z")), page(thing("c"))]
    poller = make(PAGED)
    assert poll(poller, 1) == [2]
    assert desk.cursors.find("things") is None
    assert poll(poller, 2) == [1, 0]
    assert keeping.ids == ["a", "b", "c"]
    assert desk.cursors.find("things") == Position("2026-03-02T11:00:00Z", NOON)
    assert [one.query for one in vendor.asked] == [
        {"since": "2026-03-01T12:00:00.000Z", "page": "1"},
        {"since": "2026-03-01T12:00:00.000Z", "page": "2"},
    ]
    assert wait_s(poller, clock) == 60


def test_where_items_come_oldest_first_every_page_moves_the_position(make: Make, vendor: Vendor, desk: Desk) -> None:
    vendor.answers += [page(thing("a"), thing("b", "2026-03-02T11:00:00Z"))]
    make(PAGED.replace("first: 1d", "first: 1d, ordered: true")).step()
    assert desk.cursors.find("things") == Position("2026-03-02T11:00:00Z", NOON)


def test_what_the_overlap_reads_again_is_kept_once(
    make: Make, vendor: Vendor, keeping: Keeping, clock: SteppedClock
) -> None:
    vendor.usual = lambda asked: page(thing("a"))
    poller = make(PAGED.replace("first: 1d", "first: 1d, overlap: 10m"))
    for _ in range(3):
        poller.step()
        clock.step(seconds=60)
    assert keeping.ids == ["a"]
    assert vendor.asked[1].query["since"] == "2026-03-02T09:50:00.000Z"


def test_nothing_is_asked_before_it_is_time(make: Make, vendor: Vendor, clock: SteppedClock) -> None:
    poller = make(PAGED + "every: 5m\n")
    poller.step()
    clock.step(seconds=299)
    poller.step()
    assert len(vendor.asked) == 1
    clock.step(seconds=1)
    poller.step()
    assert len(vendor.asked) == 2


def test_a_rate_is_kept_to_between_pages(make: Make, vendor: Vendor, clock: SteppedClock) -> None:
    vendor.usual = lambda asked: page(thing("a"), thing("b"))
    poller = make(PAGED + "per_minute: 20\n")
    poller.step()
    assert wait_s(poller, clock) == 3
    assert poll(poller, 2) == [0, 0]
    assert len(vendor.asked) == 1


@pytest.mark.parametrize(
    "case",
    [(429, "120", 120), (503, "7", 7), (429, "Mon, 02 Mar 2026 12:10:00 GMT", 600), (429, "soon", 2), (503, "", 2),
     (500, "", 2), (404, "", 2)],
)  # fmt: skip
def test_the_vendor_is_left_alone_as_long_as_it_asks(
    make: Make, vendor: Vendor, clock: SteppedClock, case: tuple[int, str, float]
) -> None:
    status, asked_for, waits = case
    vendor.answers += [Response(status_code=status, headers={"retry-after": asked_for} if asked_for else {})]
    vendor.usual = lambda asked: page(thing("a"))
    poller = make(PAGED)
    assert poller.step() == 0
    assert wait_s(poller, clock) == waits
    assert f"status {status}" in poller.last_error
    clock.step(seconds=waits)
    assert poller.step() == 1
    assert poller.last_error == ""


def test_failures_in_a_row_are_waited_out_longer_and_longer(
    make: Make, vendor: Vendor, clock: SteppedClock, registry: CollectorRegistry
) -> None:
    vendor.usual = lambda asked: Response(status_code=500)
    poller, waits = make(PAGED), []
    for _ in range(11):
        poller.step()
        waits.append(wait_s(poller, clock))
        clock.step(seconds=waits[-1])
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    labels = {"source": "crm", "stream": "things"}
    assert registry.get_sample_value("billtrail_pull_failures_in_a_row", labels) == 11


def test_a_page_that_fails_is_asked_for_again_and_the_others_are_not(
    make: Make, vendor: Vendor, keeping: Keeping, clock: SteppedClock
) -> None:
    vendor.answers += [page(thing("a"), thing("b")), Response(status_code=500), page(thing("c"))]
    poller = make(PAGED)
    poll(poller, 2)
    clock.step(seconds=2)
    poller.step()
    assert [one.query["page"] for one in vendor.asked] == ["1", "2", "2"]
    assert keeping.ids == ["a", "b", "c"]


def test_a_vendor_that_is_not_there_is_waited_for(desk: Desk, tmp_path: Path, clock: SteppedClock) -> None:
    rule = read_pull_of(tmp_path, PAGED.replace("{url}", "http://127.0.0.1:9"))
    assert isinstance(rule, HttpPull)
    with httpx.Client() as client:
        poller = HttpPoller(desk, rule, client, None, steady())
        assert poller.step() == 0
    assert poller.last_error.startswith("unavailable: ConnectError")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Response("<html>"), "unreadable: the answer is no JSON"),
     (JSONResponse({"error": "no"}), "nothing stands at $items[]"),
     (JSONResponse({"items": "none"}), "nothing stands at $items[]")],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_a_failure_not_an_empty_page(
    make: Make, vendor: Vendor, desk: Desk, answer: Response, said: str
) -> None:
    vendor.answers += [answer]
    poller = make(PAGED)
    poller.step()
    assert said in poller.last_error
    assert desk.cursors.find("things") is None


class Forgetful(Cursors):
    """Dies between the journal and the position."""

    def write(self, stream: str, text: str) -> Position:
        raise StoreError("the store is away", is_transient=True)


def test_a_crash_between_journal_and_position_reads_again(
    vendor: Vendor, desk: Desk, keeping: Keeping, store: Store, tmp_path: Path
) -> None:
    vendor.usual = lambda asked: page(thing("a"))
    rule = read_pull_of(tmp_path, PAGED.replace("{url}", vendor.url))
    assert isinstance(rule, HttpPull)
    dying = replace(desk, cursors=Forgetful(store, "crm", desk.clock))
    with httpx.Client() as client:
        before = HttpPoller(dying, rule, client, None, steady())
        before.step()
        assert "the store is away" in before.last_error
        assert keeping.ids == ["a"]
        HttpPoller(desk, rule, client, None, steady()).step()
    assert keeping.ids == ["a", "a"]
    assert desk.cursors.find("things") == Position("2026-03-02T10:00:00Z", NOON)


def test_a_stream_that_was_not_read_for_longer_than_the_vendor_keeps_has_a_gap(
    make: Make, vendor: Vendor, store: Store, clock: SteppedClock, registry: CollectorRegistry
) -> None:
    vendor.usual = lambda asked: page(thing("a"))
    make(PAGED + "keeps: 9d\n").step()
    clock.step(days=12)
    poller = make(PAGED + "keeps: 9d\n")
    poller.step()
    gaps = store.query("SELECT stream, reason, since, until, resolved_at, detail FROM source_gaps")
    until = NOON + timedelta(days=3)
    assert gaps == [
        {"stream": "things", "reason": "retention", "since": NOON, "until": until, "resolved_at": None,
         "detail": "kept for 9 days only"}
    ]  # fmt: skip
    labels = {"source": "crm", "reason": "retention"}
    assert registry.get_sample_value("billtrail_source_gaps_total", labels) == 1


def test_a_quiet_stream_that_is_read_has_no_gap(make: Make, vendor: Vendor, store: Store, clock: SteppedClock) -> None:
    vendor.answers += [page(thing("a"))]
    poller = make(PAGED + "keeps: 9d\nevery: 12h\n")
    for _ in range(30):
        poller.step()
        clock.step(hours=12)
    assert len(vendor.asked) == 30
    assert store.query("SELECT gap_id FROM source_gaps") == []


def test_a_position_the_vendor_knows_no_more_is_given_up_and_the_gap_is_noted(
    make: Make, vendor: Vendor, store: Store, desk: Desk, clock: SteppedClock
) -> None:
    desk.cursors.write("things", "2026-01-01T00:00:00Z")
    clock.step(minutes=1)
    vendor.answers += [Response(status_code=410)]
    vendor.usual = lambda asked: page(thing("a"))
    poller = make(PAGED + "expired: [410]\n")
    assert poll(poller, 2) == [0, 1]
    assert vendor.asked[1].query["since"] == "2026-03-01T12:01:00.000Z"
    gaps = store.query("SELECT reason, since FROM source_gaps")
    assert gaps == [{"reason": "position_lost", "since": NOON}]


def test_a_refusal_without_a_position_is_no_expired_one(make: Make, vendor: Vendor, store: Store) -> None:
    vendor.usual = lambda asked: Response(status_code=410)
    poller = make(PAGED + "expired: [410]\n")
    poll(poller, 3)
    assert len(vendor.asked) == 1
    assert store.query("SELECT gap_id FROM source_gaps") == []


OTHERS = """
stream: things
url: "{url}/things"
query: {after: "{token}", limit: "2", offset: "{offset}"}
items: "$items[]"
"""


def test_tokens_lead_to_the_next_page(make: Make, vendor: Vendor, keeping: Keeping) -> None:
    vendor.answers += [page(thing("a"), next="t/1"), page(thing("b"), next=None)]
    poll(make(OTHERS + "paging: {by: token, at: $next}\n"), 3)
    assert [one.query.get("after") for one in vendor.asked] == [None, "t/1"]
    assert keeping.ids == ["a", "b"]


def test_offsets_rise_by_what_came(make: Make, vendor: Vendor) -> None:
    vendor.answers += [page(thing("a"), thing("b"), hasMore=True), page(thing("c"), hasMore=False)]
    poll(make(OTHERS + "paging: {by: offset, more: $hasMore}\n"), 3)
    assert [one.query["offset"] for one in vendor.asked] == ["0", "2"]


def test_links_are_followed(make: Make, vendor: Vendor, keeping: Keeping) -> None:
    links = [{"rel": "self", "href": "/things"}, {"rel": "next", "href": "/things?from=2"}]
    vendor.answers += [page(thing("a"), links=links), page(thing("b"), links=links[:1])]
    poll(make(OTHERS + "paging: {by: link, at: '$links[rel=next].href'}\n"), 3)
    assert vendor.asked[1].query == {"from": "2"}
    assert keeping.ids == ["a", "b"]


def test_a_link_to_somewhere_else_is_not_followed(make: Make, vendor: Vendor) -> None:
    vendor.answers += [page(thing("a"), links=[{"rel": "next", "href": "http://elsewhere.example/things"}])]
    poller = make(OTHERS + "paging: {by: link, at: '$links[rel=next].href'}\n")
    poll(poller, 3)
    assert "the next page is at elsewhere.example" in poller.last_error
    assert len(vendor.asked) == 1


def test_items_are_made_into_messages_and_a_body_carries_the_position(
    make: Make, vendor: Vendor, keeping: Keeping
) -> None:
    vendor.answers += [page({"no": 7, "on": "2026-03-02 10:00:00"})]  # type: ignore[arg-type]
    poller = make("""
stream: rows
url: "{url}/query"
body: {q: "SELECT 1 WHERE on >= '{cursor}'", limits: ["10"]}
items: "$items[]"
message: {id: "row-{$no}", at: $on, number: $no, data: {kept: ["{$no}"]}, missing: $nowhere}
cursor: {path: $on, first: 1d, write: "%d.%m.%Y %H:%M"}
""")
    assert poller.step() == 1
    assert vendor.asked[0].method == "POST"
    assert vendor.asked[0].json == {"q": "SELECT 1 WHERE on >= '01.03.2026 12:00'", "limits": ["10"]}
    assert keeping.bodies == [
        {"id": "row-7", "at": "2026-03-02 10:00:00", "number": 7, "data": {"kept": ["7"]}, "missing": None}
    ]


def test_positions_that_are_numbers_are_compared_as_numbers(make: Make, vendor: Vendor, desk: Desk) -> None:
    vendor.answers += [page({"id": "a", "n": "9"}, {"id": "b", "n": "10"}, {"id": "c", "n": ""})]
    make("""
stream: rows
url: "{url}/rows"
query: {after: "{cursor}"}
items: "$items[]"
cursor: {path: $n, as: number, start: "0"}
""").step()
    assert vendor.asked[0].query == {"after": "0"}
    found = desk.cursors.find("rows")
    assert found is not None
    assert found.text == "10"


def test_a_vendor_whose_pages_repeat_comes_to_an_end(make: Make, vendor: Vendor, keeping: Keeping) -> None:
    vendor.usual = lambda asked: page(thing("a"), next="again")
    poller = make(OTHERS + "paging: {by: token, at: $next}\nevery: 1h\n")
    poll(poller, 10)
    assert len(vendor.asked) == 2
    assert keeping.ids == ["a"]
