"""Due times as the statements compute them, against counting open minutes one by one."""

import random
from datetime import UTC, date, datetime, timedelta

from billtrail.store import Store
from slos import SlosSettings
from slos.calendar import BusinessCalendar
from slos.catalogue import read_catalogue
from tests.slos.firm import JOURNEYS, Firm, hours, judge_for, read_clocks
from tests.slos.test_calendar import is_open
from tests.support.clock import SteppedClock

MINUTE = timedelta(minutes=1)
PLACES = {"DE01": "de-business", "UK01": "uk-business", "US01": "us-business", "AU01": "au-business"}


def test_due_time_warning_point_and_elapsed_time_are_those_of_a_count_by_hand(
    store: Store, clock: SteppedClock
) -> None:
    chance = random.Random(20260329)
    calendars = {calendar.name: calendar for calendar in read_catalogue(SlosSettings(), JOURNEYS).calendars}
    firm, expected = Firm(store), []
    with firm.at_once():
        for number in range(24):
            expected.append(sign(firm, number, calendars, chance))
    clock.step(days=400)
    judge_for(store, clock).step()
    assert read_clocks(store, "at_risk_at, due_at, elapsed_business_ms, state") == expected


def sign(firm: Firm, number: int, calendars: dict[str, BusinessCalendar], chance: random.Random) -> tuple[object, ...]:
    """Sign a contract and set its projects up. Answers what is to become of the promise."""
    legal_entity = list(PLACES)[number % 4]
    calendar = calendars[PLACES[legal_entity]]
    start = datetime(2026, 1, 1, tzinfo=UTC) + chance.randrange(60 * 24 * 365) * MINUTE
    stop = start + chance.randrange(60 * 24 * 6) * MINUTE
    contract = f"C-{number:02}"
    firm.know(contract, legal_entity=legal_entity)
    firm.reach(contract, "contract_signed", start)
    firm.reach(contract, "project_in_psa", stop)
    firm.reach(contract, "project_in_erp", start)
    due = count_on(calendar, start, hours(16))
    elapsed_ms = count_between(calendar, start, stop) * 60_000
    return count_on(calendar, start, hours(12)), due, elapsed_ms, "met" if stop <= due else "missed"


def count_on(calendar: BusinessCalendar, start: datetime, open_time: timedelta) -> datetime:
    """Walk until that much open time is over."""
    holidays = calendar.holidays.days_of(date(2026, 1, 1), date(2027, 12, 31)) if calendar.holidays else frozenset()
    at, left = start, open_time
    while left:
        if is_open_day(calendar, at, holidays) and is_open(calendar, at):
            left -= MINUTE
        at += MINUTE
    return at


def count_between(calendar: BusinessCalendar, start: datetime, stop: datetime) -> int:
    """Count the open minutes between two instants."""
    holidays = calendar.holidays.days_of(date(2026, 1, 1), date(2027, 12, 31)) if calendar.holidays else frozenset()
    minutes = (start + number * MINUTE for number in range((stop - start) // MINUTE))
    return sum(is_open_day(calendar, at, holidays) and is_open(calendar, at) for at in minutes)


def is_open_day(calendar: BusinessCalendar, at: datetime, holidays: frozenset[date]) -> bool:
    day = at.astimezone(calendar.zone_info).date()
    return day not in holidays and (day.month, day.day) not in calendar.closed_yearly
