"""`billtrail export FILE`: what is stored, or a part of it, as a log for other tools, or for another Billtrail."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from billtrail.cli.output import error_console, print_json, print_rows
from billtrail.cli.reach import configure, reading
from billtrail.cli.trace import find_lifecycles
from billtrail.cli.words import AsJson, Data
from billtrail.document.problem import name_nearest
from billtrail.errors import BilltrailError, SettingsError
from billtrail.store import Store
from collector.exports import Choice, Format, export_log

commands = typer.Typer()

LEFT_OUT = {
    "relations_left_out": "relations to objects outside of the excerpt are left out",
    "declarations_left_out": "declared objects have no place in this format; OCEL has one",
    "events_left_out": "events belong to no lifecycle and are left out",
    "events_changed_meanwhile": "events were corrected while the export ran and are not in it: export again",
}


@commands.command("export")
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write.", dir_okay=False)],
    *,
    format: Annotated[Format, typer.Option(help="How it is written.")],
    journey: Annotated[str, typer.Option(help="Only what belongs to lifecycles of this journey.")] = "",
    since: Annotated[datetime | None, typer.Option(help="Only events of this instant (UTC) or later.")] = None,
    lifecycle: Annotated[list[str] | None, typer.Option(help="Only this one: any id. May be given again.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Export events and objects. Imported into empty data, a whole OCEL export is the same there."""
    if file.exists() and not overwrite:
        raise SettingsError(f"{file} is there already", hint="another name, or --overwrite")
    with reading(configure(context, data)) as store:
        _check_journey(store, journey)
        choice = Choice(journey=journey, since=since, lifecycles=_find(store, lifecycle or []))
        report = _export(store, file, format, choice)
    _print(report, as_json)


def _check_journey(store: Store, journey: str) -> None:
    known = [row["journey"] for row in store.rows("billtrail.cli", "list_journeys")] if journey else []
    if journey and journey not in known:
        raise SettingsError(f"no journey is called {journey}", hint=name_nearest(journey, known))


def _export(store: Store, file: Path, format: Format, choice: Choice) -> dict[str, Any]:
    with Progress(TextColumn("exporting"), BarColumn(), MofNCompleteColumn(), console=error_console) as bar:
        task = bar.add_task("export", total=None)

        def note(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        return asdict(export_log(store, file, format, choice, note))


def _find(store: Store, ids: list[str]) -> list[str]:
    found = []
    for id in ids:
        if not (lifecycles := find_lifecycles(store, id)):
            raise BilltrailError(f"nothing leads from {id!r} to a lifecycle", hint="check the id: billtrail trace ID")
        found += lifecycles
    return found


def _print(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    counts = {name: report[name] for name in ("events", "objects", "traces") if report[name]}
    print_rows([{"what": name, "number": number} for name, number in counts.items()], as_json=False, empty="no event")
    for name, words in LEFT_OUT.items():
        if report[name]:
            error_console.print(f"{report[name]} {words}", style="yellow", markup=False, highlight=False)
