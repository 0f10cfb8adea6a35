"""The part of a document that is ours: `metricSource.spec` of type `billtrail`, the promise itself.

Names of journeys, milestones, calendars and runbooks are checked against those that exist; a wrong one is refused with
the nearest valid name. Keys: journey, object_type, start, stop, duration, in_close, calendar, at_risk,
at_risk_chance, filter, pauses, severity, owner, runbook, burn_windows (see `slos/definitions/README.md`).
"""

from collections.abc import Mapping
from typing import TypedDict

from billtrail.document.problem import name_nearest
from slos.definition import FILTER_KEYS, LEGAL_ENTITY, REGION, SEVERITIES, Pause
from slos.duration import parse_open_time_ms
from slos.section import Section
from slos.vocabulary import Milestone, Vocabulary

DEFAULT_AT_RISK_RATIO = 0.75
DEFAULT_AT_RISK_CHANCE = 0.5


class Promise(TypedDict):
    """What the spec states, by the field names of a definition."""

    journey: str
    object_type: str
    start_milestone: str
    stop_milestones: tuple[str, ...]
    duration_ms: int
    close_duration_ms: int
    at_risk_ratio: float
    at_risk_chance: float
    default_calendar: str
    calendars: tuple[tuple[str, str], ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    pauses: tuple[Pause, ...]
    severity: str
    owner: str
    runbook: str


def read_promise(spec: Section, vocabulary: Vocabulary) -> Promise:
    """Read the spec; mistakes are noted at their place."""
    spec.only("journey", "object_type", "start", "stop", "duration", "in_close", "calendar", "at_risk",
              "at_risk_chance", "filter", "pauses", "severity", "owner", "runbook", "burn_windows")  # fmt: skip
    journey = spec.choice("journey", vocabulary.journeys)
    milestones = vocabulary.journeys.get(journey, {})
    types = {milestone.object_type for milestone in milestones.values()}
    object_type = spec.choice("object_type", types) if types else spec.text("object_type")
    start, stops = _read_ends(spec, milestones, object_type)
    default_calendar, calendars = _read_calendars(spec, vocabulary.calendars)
    return Promise(
        journey=journey,
        object_type=object_type,
        start_milestone=start,
        stop_milestones=stops,
        duration_ms=_read_duration(spec),
        close_duration_ms=_read_close_duration(spec),
        at_risk_ratio=_read_at_risk(spec),
        at_risk_chance=_read_at_risk_chance(spec),
        default_calendar=default_calendar,
        calendars=calendars,
        filters=_read_filters(spec),
        pauses=tuple(_read_pause(pause, milestones) for pause in spec.sections("pauses")),
        severity=spec.choice("severity", SEVERITIES, "warning"),
        owner=spec.text("owner", ""),
        runbook=read_runbook(spec, "runbook", vocabulary.runbooks),
    )


def _read_ends(spec: Section, milestones: Mapping[str, Milestone], object_type: str) -> tuple[str, tuple[str, ...]]:
    start, stops = spec.text("start"), spec.texts("stop", is_required=True)
    for key, name in [("start", start), *(("stop", stop) for stop in stops)]:
        _check_milestone(spec, key, name, milestones, object_type)
    if not stops and spec.has("stop"):
        spec.complain("stop", "expected at least one milestone")
    if len(set(stops)) != len(stops):
        spec.complain("stop", "names a milestone twice")
    if start and start in stops:
        spec.complain("stop", f"{start} cannot both start and stop the clock")
    return start, stops


def _check_milestone(
    section: Section, key: str, name: str, milestones: Mapping[str, Milestone], object_type: str
) -> None:
    milestone = milestones.get(name)
    if name and milestones and not milestone:
        section.complain(key, f"milestone {name} is not in the journey", name_nearest(name, milestones))
    if milestone and object_type and milestone.object_type != object_type:
        hint = f"the others here are milestones of {object_type}"
        section.complain(key, f"milestone {name} is one of {milestone.object_type}, not of {object_type}", hint)


def _read_duration(spec: Section) -> int:
    try:
        return parse_open_time_ms(text) if (text := spec.text("duration")) else 0
    except ValueError as error:
        spec.complain("duration", str(error))
        return 0


def _read_close_duration(spec: Section) -> int:
    if not spec.has("in_close"):
        return 0
    section = spec.section("in_close").only("duration")
    shorter, usual = _read_duration(section), _peek_duration(spec)
    if shorter and usual and shorter >= usual:
        section.complain("duration", "expected less than the usual duration", "a close tightens what is promised")
    return shorter


def _peek_duration(spec: Section) -> int:
    try:
        return parse_open_time_ms(spec.text("duration", ""))
    except ValueError:
        return 0


def _read_at_risk(spec: Section) -> float:
    if not 0 < (ratio := spec.number("at_risk", DEFAULT_AT_RISK_RATIO)) < 1:
        spec.complain("at_risk", f"expected a share of the duration between 0 and 1, got {ratio:g}")
    return ratio


def _read_at_risk_chance(spec: Section) -> float:
    if not 0 <= (chance := spec.number("at_risk_chance", DEFAULT_AT_RISK_CHANCE)) < 1:
        spec.complain("at_risk_chance", f"expected a share from 0 (never) to less than 1, got {chance:g}")
    return chance


def _read_calendars(spec: Section, known: frozenset[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    section = spec.section("calendar", is_required=True).only("default", "by_legal_entity", "by_region")
    default = section.choice("default", known)
    chosen = []
    for key, prefix in (("by_legal_entity", LEGAL_ENTITY), ("by_region", REGION)):
        choices = section.section(key)
        chosen += [(prefix + name, choices.choice(name, known)) for name in choices.keys]
    return default, tuple(chosen)


def _read_filters(spec: Section) -> tuple[tuple[str, tuple[str, ...]], ...]:
    section = spec.section("filter").only(*FILTER_KEYS)
    return tuple((key, section.texts(key)) for key in section.keys if key in FILTER_KEYS)


def _read_pause(section: Section, milestones: Mapping[str, Milestone]) -> Pause:
    section.only("reason", "from", "until")
    start, stop = section.text("from"), section.text("until")
    object_type = milestones[start].object_type if start in milestones else ""
    _check_milestone(section, "from", start, milestones, object_type)
    _check_milestone(section, "until", stop, milestones, object_type)
    if start and start == stop:
        section.complain("until", f"{start} cannot both begin and end a pause")
    return Pause(section.text("reason"), start, stop, object_type)


def read_runbook(section: Section, key: str, known: frozenset[str], default: str | None = None) -> str:
    """Read the name of a runbook that exists, or an address. Without a default the key is required."""
    runbook = section.text(key, default)
    is_address = runbook.startswith(("https://", "http://"))
    if runbook and known and not is_address and runbook not in known:
        section.complain(key, f"there is no runbook {runbook}", name_nearest(runbook, known))
    return runbook
