"""`billtrail slo list|validate`: the promises in force and how they are kept; a check of SLA documents before use."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from billtrail.cli.output import console, print_json, print_rows
from billtrail.cli.reach import configure, reading
from billtrail.cli.words import AsJson, Data
from billtrail.clock import SystemClock
from billtrail.errors import SettingsError
from billtrail.store import Row
from correlators.journey import read_journeys
from correlators.settings import CorrelatorsSettings
from slos.listing import list_slas, validate
from slos.settings import SlosSettings
from slos.vocabulary import Milestone

commands = typer.Typer()
slo = typer.Typer(no_args_is_help=True, help="The promises: how they are kept, and whether a document is right.")
commands.add_typer(slo, name="slo")

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


def collect_milestones(settings: CorrelatorsSettings) -> Mapping[str, Mapping[str, Milestone]]:
    """Answer journey to milestone to whose it is and who reports it: the names an SLA may use."""
    return {
        journey.journey: {
            one.name: Milestone(one.of, one.owner, tuple(journey.roles.get(one.by, ()))) for one in journey.milestones
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
