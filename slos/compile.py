"""Writing the catalogue into the tables the judging statements join with.

Only what differs from what is stored is written, so that an unchanged catalogue changes nothing. What is gone is marked
deleted. Versions rise with the instant of writing; one instance compiles at a time.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from billtrail.store import Store
from slos.calendar import BusinessCalendar, OpenSpan
from slos.catalogue import Catalogue, Journeys
from slos.compile_exclusions import compile_exclusions
from slos.definition import SlaDefinition
from slos.objective import Objective
from slos.objective_row import read_objectives, to_row
from slos.settings import SlosSettings

PACKAGE = "slos"


def compile_catalogue(
    store: Store, catalogue: Catalogue, settings: SlosSettings, journeys: Journeys, now: datetime
) -> bool:
    """Bring the tables in line with the catalogue. Answers whether anything that clocks depend on differed."""
    version = int(now.timestamp() * 1000)
    last = date(now.year + settings.calendar_years_ahead, 12, 31)
    spans = list(_differing_spans(store, catalogue.calendars, settings.calendar_from, last))
    definitions = list(_differing_definitions(store, catalogue.definitions, settings, journeys))
    objectives = list(_differing_objectives(store, catalogue.objectives))
    store.insert("calendar_spans", [{**row, "version": version} for row in spans])
    store.insert("sla_definitions", [{**row, "version": version} for row in definitions])
    store.insert("sla_objective_rows", [{**row, "version": version} for row in objectives])
    closes = list(_differing_closes(store, catalogue.calendars, settings.calendar_from, last))
    store.insert("calendar_closes", [{**row, "version": version} for row in closes])
    exclusions = compile_exclusions(store, catalogue.exclusions, now)
    return bool(spans or definitions or closes or exclusions)


def _differing_spans(
    store: Store, calendars: tuple[BusinessCalendar, ...], first: date, last: date
) -> Iterator[dict[str, Any]]:
    compiled = {calendar.name: calendar.spans(first, last) for calendar in calendars}
    stored = {row["calendar"] for row in store.rows(PACKAGE, "read_calendars")}
    for name in sorted(stored | set(compiled)):
        before = {
            OpenSpan(**row).opens_at: OpenSpan(**row) for row in store.rows(PACKAGE, "read_spans", {"calendar": name})
        }
        after = {span.opens_at: span for span in compiled.get(name, [])}
        for span in after.values():
            if before.get(span.opens_at) != span:
                yield _span_row(name, span, is_deleted=False)
        for opens_at in before.keys() - after.keys():
            yield _span_row(name, before[opens_at], is_deleted=True)


def _span_row(calendar: str, span: OpenSpan, *, is_deleted: bool) -> dict[str, Any]:
    return {
        "calendar": calendar,
        "opens_at": span.opens_at,
        "closes_at": span.closes_at,
        "open_before_ms": span.open_before_ms,
        "is_deleted": int(is_deleted),
    }


def _differing_closes(
    store: Store, calendars: tuple[BusinessCalendar, ...], first: date, last: date
) -> Iterator[dict[str, Any]]:
    before = {tuple(row.values()) for row in store.rows(PACKAGE, "read_closes")}
    after = {(one.name, *period) for one in calendars for period in one.close_periods(first, last)}
    for is_deleted, rows in ((1, before - after), (0, after - before)):
        # A period that only ends elsewhere keeps its key: it is replaced, not removed.
        kept = {row[:2] for row in after}
        for calendar, starts_at, ends_at in sorted(rows):
            if not is_deleted or (calendar, starts_at) not in kept:
                yield {"calendar": calendar, "starts_at": starts_at, "ends_at": ends_at, "is_deleted": is_deleted}


def _differing_definitions(
    store: Store, definitions: tuple[SlaDefinition, ...], settings: SlosSettings, journeys: Journeys
) -> Iterator[dict[str, Any]]:
    before = {row["sla"]: row for row in store.rows(PACKAGE, "read_definitions")}
    after = {definition.sla: _definition_row(definition, settings, journeys) for definition in definitions}
    for sla, row in after.items():
        if before.get(sla) != row:
            yield {**row, "is_deleted": 0}
    for sla in before.keys() - after.keys():
        yield {**before[sla], "is_deleted": 1}


def _differing_objectives(store: Store, objectives: tuple[Objective, ...]) -> Iterator[dict[str, Any]]:
    before = {objective.sla: objective for objective in read_objectives(store)}
    after = {objective.sla: objective for objective in objectives}
    for sla, objective in after.items():
        if before.get(sla) != objective:
            yield {**to_row(objective), "is_deleted": 0}
    for sla in before.keys() - after.keys():
        yield {**to_row(before[sla]), "is_deleted": 1}


def _definition_row(definition: SlaDefinition, settings: SlosSettings, journeys: Journeys) -> dict[str, Any]:
    steps = [journeys[definition.journey][name] for name in definition.stop_milestones]
    return {
        "sla": definition.sla,
        "display_name": definition.display_name,
        "description": definition.description,
        "journey": definition.journey,
        "object_type": definition.object_type,
        "start_milestone": definition.start_milestone,
        "stop_milestones": list(definition.stop_milestones),
        "stop_owners": [step.owner for step in steps],
        "stop_systems": [list(step.systems) for step in steps],
        "duration_ms": definition.duration_ms,
        "close_duration_ms": definition.close_duration_ms,
        "at_risk_ratio": definition.at_risk_ratio,
        "at_risk_chance": definition.at_risk_chance,
        "default_calendar": definition.default_calendar,
        "calendars": dict(definition.calendars),
        "filters": {key: list(values) for key, values in definition.filters},
        "pauses": [(pause.reason, pause.start_milestone, pause.stop_milestone) for pause in definition.pauses],
        "target_ratio": definition.objective.target_ratio,
        "window_days": definition.objective.window.nominal_days,
        "severity": definition.severity,
        "owner": definition.owner,
        "runbook": link_runbook(definition.runbook, settings.runbook_base_url),
    }


def link_runbook(runbook: str, base_url: str) -> str:
    """Turn a runbook's name into where it can be read; an address stays as it is."""
    if runbook.startswith(("https://", "http://")):
        return runbook
    return f"{base_url.rstrip('/')}/{runbook}.md"
