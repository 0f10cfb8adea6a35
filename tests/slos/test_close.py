"""Half days, days from a file, and finance-close periods that tighten a promise."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from billtrail.store import Store
from slos.calendar import BusinessCalendar
from slos.calendar_document import read_calendar
from slos.yaml_source import read_documents
from tests.slos.firm import Firm, judge_for, read_clocks
from tests.support.clock import SteppedClock

TEXT = """
calendar: office
zone: Europe/Berlin
hours: {mon-fri: "09:00-17:00"}
closed: ["12-31"]
half_days: [{on: ["12-24", 2026-12-26, 2026-12-29], hours: ["09:00-11:00", "11:30-12:00"]}]
finance_close: {last_days: 2, first_days: 1, periods: [{from: 2026-12-21, until: 2026-12-22}]}
days_from: days.csv
"""
DAYS = "day,hours,name\n2026-12-25,,Christmas\n2026-12-28,10:00-12:00,short\n"


def load(folder: Path) -> BusinessCalendar:
    (folder / "days.csv").write_text(DAYS, encoding="utf-8")
    (folder / "office.yaml").write_text(TEXT, encoding="utf-8")
    (document,), problems = read_documents(folder / "office.yaml")
    calendar = read_calendar(document)
    assert calendar, problems
    return calendar


def test_half_days_have_their_own_hours_and_open_no_closed_day(tmp_path: Path) -> None:
    spans = load(tmp_path).spans(date(2026, 12, 23), date(2026, 12, 31))
    lengths = {}
    for span in spans:
        lengths[span.opens_at.day] = lengths.get(span.opens_at.day, timedelta()) + span.closes_at - span.opens_at
    assert {day: length / timedelta(hours=1) for day, length in lengths.items()} == {
        23: 8, 24: 2.5, 28: 2, 29: 2.5, 30: 8,
    }  # fmt: skip


def test_close_periods_count_open_days_from_both_ends_of_a_month(tmp_path: Path) -> None:
    periods = load(tmp_path).close_periods(date(2026, 12, 1), date(2026, 12, 31))
    assert [(since.astimezone().date(), until - since) for since, until in periods] == [
        (date(2026, 11, 30), timedelta(days=1)),
        (date(2026, 12, 20), timedelta(days=2)),
        (date(2026, 12, 28), timedelta(days=2)),
    ]


def test_a_promise_that_starts_in_a_close_is_tighter(store: Store, clock: SteppedClock) -> None:
    firm = Firm(store)
    firm.know("C-1")
    for number, day in enumerate((10, 31)):
        at = datetime(2026, 3, day, 7, tzinfo=UTC)
        firm.reach("C-1", "revenue_recognised", at, subject=f"psa:revenue_entry:{number}")
    clock.step(days=40)
    judge_for(store, clock).step()
    assert read_clocks(store, "due_at") == [
        datetime(2026, 3, 11, 16, tzinfo=UTC),
        datetime(2026, 3, 31, 15, tzinfo=UTC),
    ]
