"""`billtrail slo`: the promises, how they are kept, documents before use; and time that counts for none of them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from billtrail.backtesting import JourneyChange
from billtrail.cli import slo_exclusion
from billtrail.cli.output import console, error_console, print_json, print_rows
from billtrail.cli.reach import configure, reading
from billtrail.cli.words import AsJson, Data
from billtrail.clock import SystemClock
from billtrail.errors import SettingsError
from billtrail.store import Row, Store
from correlators.journey import read_journeys
from correlators.settings import CorrelatorsSettings
from slos.backtest import Backtest, backtest
from slos.catalogue import Journeys, read_catalogue
from slos.listing import list_slas, validate
from slos.prometheus_rules import write_rules
from slos.report import report
from slos.settings import SlosSettings
from slos.vocabulary import Milestone

commands = typer.Typer()
slo = typer.Typer(no_args_is_help=True, help="The promises: how they are kept, and whether a document is right.")
commands.add_typer(slo, name="slo")
slo_exclusion.add_to(slo)

HOUR_MS = 3_600_000


@slo.command("list")
def list_promises(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """List the SLAs in force with their attainment and open clocks."""
    with reading(configure(context, data)) as store:
        rows = list_slas(store, SystemClock().now())
    print_rows(
        rows if as_json else [_shorten(row) for row in rows],
        as_json=as_json,
        empty="no SLA is in force yet: the platform reads its documents when it starts",
    )


@slo.command("validate")
def validate_documents(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(help="A document or a folder; the configured folder when absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check SLA documents against journeys, calendars and runbooks. Exit code 2 when one cannot be used."""
    configuration = configure(context)
    settings = configuration.of(SlosSettings)
    wanted = path or settings.definitions
    if not wanted.exists():
        raise SettingsError(f"{wanted} does not exist", hint="give an OpenSLO document or a folder of them")
    problems = validate(wanted, settings, collect_milestones(configuration.of(CorrelatorsSettings)))
    if as_json:
        print_json([{name: getattr(one, name) for name in one.__slots__} for one in problems])
    elif not problems:
        console.print(f"{wanted}: fine", highlight=False)
    for problem in () if as_json else problems:
        console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(SettingsError.exit_code)


@slo.command("report")
def report_period(
    context: typer.Context,
    period: Annotated[
        str, typer.Argument(help="2026-10, 2026-Q3, 2026-W40 or FY2026-P10; each SLA's own last period when absent.")
    ] = "",
    known_at: Annotated[
        datetime | None, typer.Option(help="As it was known at this instant (UTC), not at the period's end.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Report how promises were kept in a period: as known then, and as known now."""
    then = known_at.replace(tzinfo=known_at.tzinfo or UTC) if known_at else None
    with reading(configure(context, data)) as store:
        rows = report(store, SystemClock().now(), period=period, known_at=then)
    shown = rows if as_json else [_shorten_report(row) for row in rows]
    print_rows(shown, as_json=as_json, empty="no SLA is in force yet: the platform reads its documents when it starts")


@slo.command("backtest")
def backtest_documents(
    context: typer.Context,
    definitions: Annotated[
        Path | None, typer.Argument(help="Folder of SLA documents; the configured one when absent.")
    ] = None,
    *,
    calendars: Annotated[Path | None, typer.Option(help="Folder of calendars instead of the configured one.")] = None,
    journeys: Annotated[
        Path | None, typer.Option(help="Folder of journeys: the stored events are correlated again by them.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Try documents on the history that is stored: which pages would have come, gone or moved?"""
    configuration = configure(context, data)
    folders = {"definitions": definitions, "calendars": calendars}
    settings = configuration.of(SlosSettings).model_copy(update={key: path for key, path in folders.items() if path})
    if journeys and not journeys.is_dir():
        raise SettingsError(f"{journeys} is no folder", hint="give a folder of journeys, such as correlators/journeys")
    changed = CorrelatorsSettings(journeys=journeys) if journeys else configuration.of(CorrelatorsSettings)
    known, again = collect_milestones(changed), JourneyChange(journeys) if journeys else None
    with reading(configuration) as store:
        found = _backtest(store, settings, known, again)
    if as_json:
        print_json(asdict(found))
        return
    print_rows([asdict(change) for change in found.changes], as_json=False, empty="no page would have differed")
    print_rows(list(found.slas), as_json=False, empty="no promise was decided yet")
    came, gone, moved = (sum(one.change == word for one in found.changes) for word in ("came", "gone", "moved"))
    console.print(f"pages: {came} came, {gone} gone, {moved} moved, {found.same} the same", highlight=False)


def _backtest(store: Store, settings: SlosSettings, journeys: Journeys, correlate: JourneyChange | None) -> Backtest:
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=error_console) as bar:
        task = bar.add_task("copying the history", total=None)

        def note(done: int, total: int) -> None:
            bar.update(
                task, completed=done, total=total, description="judging" if done == total else "copying the history"
            )

        now = SystemClock().now()
        return backtest(store, settings, journeys, now, correlate=correlate, on_progress=note)


@slo.command("rules")
def write_prometheus_rules(context: typer.Context) -> None:
    """Write alerting rules for Prometheus from the configured documents to standard output."""
    configuration = configure(context)
    settings = configuration.of(SlosSettings)
    catalogue = read_catalogue(settings, collect_milestones(configuration.of(CorrelatorsSettings)))
    if catalogue.problems:
        raise SettingsError("the documents cannot be used", hint="billtrail slo validate says why")
    tables = {table.name: table for table in catalogue.burn_tables}
    typer.echo(write_rules(catalogue.objectives, tables, settings.runbook_base_url), nl=False)


def collect_milestones(settings: CorrelatorsSettings) -> Mapping[str, Mapping[str, Milestone]]:
    """Answer journey to milestone to whose it is and who reports it: the names an SLA may use."""
    return {
        journey.journey: {
            one.name: Milestone(one.of, journey.owner_of(one), journey.systems_of(one)) for one in journey.milestones
        }
        for journey in read_journeys(settings.journeys)
    }


def _shorten(row: Row) -> Row:
    kept = row["attainment_ratio"]
    return {
        "sla": row["sla"],
        "promise": f"{row['duration_ms'] / HOUR_MS:g} h, {row['calendar']}",
        "target": f"{row['target_ratio']:.1%}",
        "kept": "–" if kept is None else f"{kept:.1%}",
        "met": row["met"],
        "late": row["late"],
        "open": row["open"],
        "at_risk": row["at_risk"],
        "breached": row["breached"],
        "owner": row["owner"],
    }


def _shorten_report(row: Row) -> Row:
    return {
        "sla": row["sla"],
        "from": f"{row['starts_at']:%Y-%m-%d}",
        "to": f"{row['ends_at']:%Y-%m-%d}",
        "target": f"{row['target_ratio']:.1%}",
        **{
            f"{name} {which}": _share(row[f"attainment_ratio_{which}"]) if name == "kept" else row[f"{name}_{which}"]
            for which in ("then", "now")
            for name in ("kept", "met", "late", "open")
        },
        "budget left": _share(row["remaining_ratio_now"]),
    }


def _share(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.1%}"
