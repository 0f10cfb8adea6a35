"""Windows: periods follow one another without gaps, through changes of clocks and months of any length."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slos.fiscal import read_pattern
from slos.window import Period, TimeWindow

INSTANTS = st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
windows = st.builds(
    TimeWindow,
    st.integers(1, 4),
    st.sampled_from("dwMQY"),
    st.datetimes(datetime(2020, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Etc/UTC")),
)


@given(window=windows, at=INSTANTS)
def test_every_instant_lies_in_one_period_and_periods_touch(window: TimeWindow, at: datetime) -> None:
    period = window.around(at)
    assert period.starts_at <= at < period.ends_at
    before = window.before(period)
    assert before.ends_at == period.starts_at
    assert window.around(period.ends_at).starts_at == period.ends_at
    assert window.around(period.starts_at) == period


@pytest.mark.parametrize(
    ("window", "starts_at", "ends_at"),
    [
        (TimeWindow(1, "M", datetime(2025, 1, 31)), datetime(2026, 2, 28), datetime(2026, 3, 31)),
        (TimeWindow(1, "Y", datetime(2020, 4, 1)), datetime(2025, 4, 1), datetime(2026, 4, 1)),
        (TimeWindow(1, "Q", datetime(2030, 2, 1)), datetime(2026, 2, 1), datetime(2026, 5, 1)),
        (TimeWindow(4, "w", datetime(2026, 1, 5)), datetime(2026, 3, 2), datetime(2026, 3, 30)),
        (TimeWindow(28, "d"), datetime(2026, 2, 2, 12), datetime(2026, 3, 2, 12)),
    ],
)
def test_a_period_begins_where_the_document_says(window: TimeWindow, starts_at: datetime, ends_at: datetime) -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert window.around(at) == (starts_at.replace(tzinfo=UTC), ends_at.replace(tzinfo=UTC))


def test_a_month_in_berlin_that_loses_an_hour_is_an_hour_short() -> None:
    march = TimeWindow(1, "M", datetime(2026, 1, 1), "Europe/Berlin").around(datetime(2026, 3, 15, tzinfo=UTC))
    assert march.ends_at - march.starts_at == timedelta(days=31, hours=-1)


FISCAL_WEEKS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}


def fiscal_window(text: str, first: date, unit: str = "M") -> TimeWindow:
    return TimeWindow(1, unit, datetime.combine(first, time()), "Europe/Berlin", read_pattern(text))


@settings(max_examples=40)
@given(
    weeks=st.sampled_from(sorted(FISCAL_WEEKS)),
    rule=st.sampled_from(["nearest", "last"]),
    month=st.integers(1, 12),
    weekday=st.integers(0, 6),
)
def test_fiscal_months_are_whole_weeks_that_make_years_of_52_or_53(
    weeks: str, rule: str, month: int, weekday: int
) -> None:
    """Against a walk through the days around the first of the month, for forty years."""

    def start_of(year: int) -> date:
        first = date(year, month, 1)
        reach = range(-3, 4) if rule == "nearest" else range(-6, 1)
        (found,) = [day for days in reach if (day := first + timedelta(days=days)).weekday() == weekday]
        return found

    window = fiscal_window(f"{weeks} {rule}", start_of(2026))
    lengths = set()
    for year in range(2010, 2050):
        begin, end = start_of(year), start_of(year + 1)
        lengths.add((end - begin).days)
        named = year if month == 1 else year + 1
        assert period_days(window.fiscal(named)) == (begin, end)
        at = begin
        for number in range(1, 13):
            months = period_days(window.fiscal(named, number, 1))
            assert months[0] == at
            is_longer = number == 12 and (end - begin).days == 371
            assert (months[1] - at).days == 7 * (FISCAL_WEEKS[weeks][(number - 1) % 3] + is_longer)
            at = months[1]
        assert at == end
    assert lengths == {364, 371}


def period_days(period: Period | None) -> tuple[date, date]:
    assert period
    starts_at, ends_at = (at.astimezone(ZoneInfo("Europe/Berlin")) for at in period)
    assert starts_at.time() == ends_at.time() == time()
    return starts_at.date(), ends_at.date()


def test_the_retail_calendar_of_2023_has_53_weeks() -> None:
    """National Retail Federation, 4-5-4 Calendar: 2023 began on 29 January 2023 and ended on 3 February 2024."""
    window = fiscal_window("4-5-4 nearest", date(2025, 2, 2), "Y")
    at = datetime(2023, 7, 1, tzinfo=UTC)
    assert period_days(window.around(at)) == (date(2023, 1, 29), date(2024, 2, 4))
    quarter = fiscal_window("4-5-4 nearest", date(2025, 2, 2), "Q")
    assert period_days(quarter.around(datetime(2024, 2, 3, tzinfo=UTC))) == (date(2023, 10, 29), date(2024, 2, 4))


def test_a_year_from_april_is_named_after_the_year_in_which_it_ends() -> None:
    window = TimeWindow(1, "Q", datetime(2025, 4, 1), "Europe/Berlin")
    assert period_days(window.fiscal(2026)) == (date(2025, 4, 1), date(2026, 4, 1))
    assert period_days(window.fiscal(2026, 10, 3)) == (date(2026, 1, 1), date(2026, 4, 1))
    assert period_days(TimeWindow(1, "M", datetime(2020, 1, 1), "Europe/Berlin").fiscal(2026, 12, 1)) == (
        date(2026, 12, 1),
        date(2027, 1, 1),
    )
    assert TimeWindow(28, "d").fiscal(2026) is None
