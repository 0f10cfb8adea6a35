"""Windows: periods follow one another without gaps, through changes of clocks and months of any length."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slos.window import TimeWindow

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
