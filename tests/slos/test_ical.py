"""Closing days from calendar programs: what they close, how recurrence ends, and every mistake with its line.

A bad file lies in `bad/ical` under the name of its mistake; beside it a line says what it is refused for.
"""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slos.calendar import BusinessCalendar
from slos.calendar_document import read_calendar
from slos.day_list import cut
from slos.ical_file import HORIZON, IcalMistake, read_ical
from slos.yaml_source import read_documents

BAD = Path(__file__).parent / "bad" / "ical"
BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = """
calendar: office
zone: Europe/Berlin
hours: {mon-fri: "09:00-17:00"}
days_from: days.ics
"""


def wrap(*events: str) -> str:
    """Write a calendar of events, each a text of lines joined by a bar."""
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.split("|"), "END:VEVENT")]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def load(folder: Path, text: str) -> BusinessCalendar | str:
    (folder / "days.ics").write_text(text, encoding="utf-8", newline="")
    (folder / "office.yaml").write_text(CALENDAR, encoding="utf-8")
    (document,), problems = read_documents(folder / "office.yaml")
    return read_calendar(document) or str(problems[0]).removeprefix(f"{folder / 'office.yaml'}:")


def test_whole_days_close_and_times_shorten_a_day(tmp_path: Path) -> None:
    text = wrap(
        "UID:1|SUMMARY:Works outing|DTSTART;VALUE=DATE:20260504|DTEND;VALUE=DATE:20260506",
        "UID:2|SUMMARY:Inventory|DTSTART;TZID=Europe/Berlin:20260507T130000|DTEND;TZID=Europe/Berlin:20260507T180000",
        "UID:3|SUMMARY:Alarm test, in UTC|DTSTART:20260508T080000Z|DURATION:PT1H30M",
        "UID:4|SUMMARY:Moved away|STATUS:CANCELLED|DTSTART;VALUE=DATE:20260511",
    )
    calendar = load(tmp_path, text)
    assert isinstance(calendar, BusinessCalendar), calendar
    spans = calendar.spans(date(2026, 5, 4), date(2026, 5, 11))
    assert [(span.opens_at.isoformat()[5:16], span.closes_at.isoformat()[11:16]) for span in spans] == [
        ("05-06T07:00", "15:00"),
        ("05-07T07:00", "11:00"),
        ("05-08T07:00", "08:00"),
        ("05-08T09:30", "15:00"),
        ("05-11T07:00", "15:00"),
    ]


def test_what_recurs_has_its_exceptions_and_its_changes_and_keeps_its_wall_time_over_a_change_of_clocks() -> None:
    text = wrap(
        "UID:1|DTSTART;TZID=Europe/Berlin:20260320T150000|DTEND;TZID=Europe/Berlin:20260320T170000"
        "|RRULE:FREQ=WEEKLY;COUNT=5|EXDATE;TZID=Europe/Berlin:20260403T150000",
        "UID:1|RECURRENCE-ID;TZID=Europe/Berlin:20260327T150000|DTSTART;VALUE=DATE:20260326",
        "UID:1|RECURRENCE-ID:20260417T130000Z|STATUS:CANCELLED|DTSTART:20260417T130000Z|DURATION:PT2H",
        "UID:2|DTSTART;VALUE=DATE:20251224|RRULE:FREQ=YEARLY;UNTIL=20271224|RDATE;VALUE=DATE:20260102",
    )
    found = read_ical(text, BERLIN)
    assert dict(found.shut_on) == {date(2026, 3, 20): ((54_000, 61_200),), date(2026, 4, 10): ((54_000, 61_200),)}
    assert found.closed_on == {
        date(2026, 3, 26),
        date(2026, 1, 2),
        *(date(year, 12, 24) for year in (2025, 2026, 2027)),
    }


def test_what_recurs_for_ever_ends_at_the_horizon() -> None:
    found = read_ical(wrap("UID:1|DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY"), BERLIN)
    assert sorted(found.closed_on) == [date(year, 1, 1) for year in range(2020, HORIZON.year)]


@pytest.mark.parametrize("file", sorted(BAD.glob("*.ics")), ids=lambda file: file.stem)
def test_a_bad_file_is_refused_with_its_line(file: Path, tmp_path: Path) -> None:
    reason = file.with_suffix(".refused").read_text(encoding="utf-8").strip()
    assert load(tmp_path, file.read_text(encoding="utf-8")) == f"5:12: days_from: days.ics, {reason}"


def test_a_file_is_as_large_as_a_calendar_can_be(tmp_path: Path) -> None:
    assert "more than 4194304" in str(load(tmp_path, wrap("UID:1|DTSTART;VALUE=DATE:20260101") + " " * 4_194_304))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))


@settings(max_examples=60, deadline=None)
@given(
    begin=moments,
    minutes=st.integers(1, 4 * 1440),
    every=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    times=st.integers(1, 4),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
)
def test_closed_minutes_are_those_of_the_events(
    begin: datetime, minutes: int, every: str, times: int, zone: str
) -> None:
    """Against a count in the zone of the events themselves: by day and by week, where that is easily said."""
    text = wrap(f"UID:1|DTSTART:{begin:%Y%m%dT%H%M%S}|DURATION:PT{minutes}M|RRULE:FREQ={every};COUNT={times}")
    found = read_ical(text, ZoneInfo(zone))
    always = BusinessCalendar(
        "any", "any", "UTC", (((0, 86_400),),) * 7, closed_on=found.closed_on, shut_on=found.shut_on
    )
    if every == "MONTHLY":
        times = 1 if begin.day > 28 else times
        begins = [begin] if times == 1 else [_month_later(begin, number) for number in range(times)]
        if begin.day > 28:
            return
    else:
        begins = [begin + number * timedelta(days=1 if every == "DAILY" else 7) for number in range(times)]
    first, last = begins[0].date(), begins[-1].date() + timedelta(days=5)
    open_minutes = sum((span.closes_at - span.opens_at) // timedelta(minutes=1) for span in always.spans(first, last))
    closed = {one + number * timedelta(minutes=1) for one in begins for number in range(minutes)}
    assert open_minutes == ((last - first).days + 1) * 1440 - len(closed)
    assert all(
        not (span.opens_at <= one.replace(tzinfo=UTC) < span.closes_at)
        for span in always.spans(first, last)
        for one in begins
    )


def _month_later(begin: datetime, number: int) -> datetime:
    index = begin.year * 12 + begin.month - 1 + number
    return begin.replace(year=index // 12, month=index % 12 + 1)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_file_makes_the_reader_crash(data: st.DataObject) -> None:
    good = wrap(
        "UID:1|DTSTART;TZID=Europe/Berlin:20260320T150000|DURATION:PT2H|RRULE:FREQ=WEEKLY;COUNT=5",
        "UID:2|DTSTART;VALUE=DATE:20251224|DTEND;VALUE=DATE:20251226|EXDATE;VALUE=DATE:20261224",
    )
    at, gone = data.draw(st.integers(0, len(good))), data.draw(st.integers(0, 30))
    put = data.draw(st.sampled_from(["", "9", ";", ":", "=", "\r\n", "T", "X-", "FREQ=", "ä", "99999999"]))
    with suppress(IcalMistake):
        found = read_ical(good[:at] + put + good[at + gone :], BERLIN)
        assert all(cut(((0, 86_400),), shut) for shut in found.shut_on.values())
