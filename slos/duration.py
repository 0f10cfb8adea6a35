"""How long a promise may take, written as OpenSLO writes durations: a whole number and one unit, as `16h` or `90m`.

An SLA's duration is open time of its calendar, so it is counted in hours or minutes. Days, weeks and longer are refused
there: a business day has as many hours as its calendar says, and one SLA may run in several calendars.
Source of the notation: OpenSLO v1 specification, "duration-shorthand".
"""

import re

_SHORTHAND = re.compile(r"^([1-9]\d{0,8})(m|h|d|w|M|Q|Y)$")
_OPEN_TIME_MS = {"m": 60_000, "h": 3_600_000}
_WINDOW_DAYS = {"d": 1, "w": 7}
_NOMINAL_DAYS = {"d": 1, "w": 7, "M": 30, "Q": 91, "Y": 365}
_LONGEST_MS = 5_000 * 3_600_000  # some two and a half years of eight-hour days: calendars are compiled for three ahead


def parse_open_time_ms(text: str) -> int:
    """Read a duration in open time. Raises ValueError that says what was expected."""
    amount, unit = _split(text)
    if unit not in _OPEN_TIME_MS:
        raise ValueError(
            f"{text} is counted in calendar units, and a business day has no fixed length: "
            "write open time in hours or minutes, such as 16h for two days of eight hours"
        )
    if (ms := amount * _OPEN_TIME_MS[unit]) > _LONGEST_MS:
        raise ValueError(f"{text} is longer than {_LONGEST_MS // 3_600_000}h of open time")
    return ms


def parse_window_days(text: str) -> int:
    """Read the length of a rolling window. Raises ValueError on units that are no fixed number of days."""
    amount, unit = _split(text)
    if unit not in _WINDOW_DAYS:
        raise ValueError(f"{text}: a rolling window is counted in days or weeks, such as 28d or 4w")
    if not 1 <= (days := amount * _WINDOW_DAYS[unit]) <= 3660:
        raise ValueError(f"{text}: expected between one day and ten years")
    return days


def parse_window(text: str) -> tuple[int, str]:
    """Read the length of a window: an amount and d, w, M, Q or Y. Raises ValueError on anything else."""
    amount, unit = _split(text)
    if unit not in _NOMINAL_DAYS:
        raise ValueError(f"{text}: a window is counted in days or longer, such as 28d or 1M")
    if amount * _NOMINAL_DAYS[unit] > 3660:
        raise ValueError(f"{text}: expected between one day and ten years")
    return amount, unit


def format_open_time(ms: int) -> str:
    """Write a duration the way it is read."""
    hours, rest = divmod(ms, 3_600_000)
    return f"{hours}h" if not rest else f"{ms // 60_000}m"


def _split(text: str) -> tuple[int, str]:
    match = _SHORTHAND.match(text)
    if not match:
        raise ValueError(f"{text!r} is not a duration: expected a whole number and a unit, such as 16h or 90m")
    return int(match.group(1)), match.group(2)
