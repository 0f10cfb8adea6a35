"""The time zones there are, as the IANA database names them. Asking the system costs a walk through its files."""

from functools import cache
from zoneinfo import available_timezones

from billtrail.document.problem import name_nearest
from slos.section import Section


@cache
def list_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_zone(section: Section, key: str) -> str:
    """Read a zone. Empty when it is none; the mistake is noted, with the nearest name."""
    zone = section.text(key)
    if zone and zone not in list_zones():
        section.complain(key, f"{zone} is no IANA time zone", name_nearest(zone, list_zones()))
        return ""
    return zone
