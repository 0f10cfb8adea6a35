"""`billtrail import FILE`: a log of events and objects, through the running platform or straight into the store."""

import getpass
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from billtrail.cli.door import open_door
from billtrail.cli.output import error_console, print_json, print_rows
from billtrail.cli.reach import configure, owning
from billtrail.cli.words import AsJson, Data
from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.errors import BilltrailError, StoreError
from billtrail.platform.ownership import Owner, find_owner
from billtrail.store import StoreSettings
from collector.imports import Manner

commands = typer.Typer()

PATH = "/api/v1/imports"
CHUNK_BYTES = 1 << 20
PATIENCE = httpx.Timeout(10.0, read=None, write=None)
COUNTS = ("events", "objects", "event_relations", "object_relations", "events_without_time")
SHOWN = 10

Note = Callable[[int, int], None]
Report = dict[str, Any]


@commands.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="OCEL 2.0 (JSON, XML, SQLite), OCEL 1.0 (JSON), XES, CSV, CloudEvents as JSON Lines.",
                       exists=True, dir_okay=False),
    ],
    *,
    source: Annotated[str, typer.Option(help="System it comes from.", show_default="the file's name")] = "",
    map: Annotated[str, typer.Option(help="What the columns of a CSV file mean: case=…,activity=…,time=…")] = "",
    object_type: Annotated[str, typer.Option(help="What a case is, in XES and CSV.")] = "case",
    zone: Annotated[str, typer.Option(help="Time zone of instants without one.")] = "UTC",
    time_format: Annotated[str, typer.Option(help="How times are written in CSV.", show_default="ISO 8601")] = "",
    delimiter: Annotated[str, typer.Option(help="Between the columns of CSV.", show_default="guessed")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Import a log of events and objects. Importing it again changes nothing."""
    configuration = configure(context, data)
    manner = Manner(map=map, object_type=object_type, zone=zone, time_format=time_format, delimiter=delimiter)
    words = {"source": source, "actor": getpass.getuser()}
    owner = find_owner(configuration.of(StoreSettings).data)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=error_console) as bar:
        task = bar.add_task("reading", total=None)

        def note(done: int, total: int) -> None:
            bar.update(task, description="importing", completed=done, total=total)

        if owner and owner.is_platform:
            report = _import_through(owner, configuration, file, {**words, "manner": manner.model_dump_json()}, note)
        else:
            report = _import_directly(configuration, file, manner, words, note)
    _print(report, as_json)


def _import_directly(
    configuration: Configuration, file: Path, manner: Manner, words: dict[str, str], note: Note
) -> Report:
    from billtrail.importing import import_into

    with owning(configuration.of(StoreSettings), "import") as store:
        report = import_into(store, configuration, SystemClock(), file, manner=manner, on_progress=note, **words)
    return asdict(report)


def _import_through(
    owner: Owner, configuration: Configuration, file: Path, words: dict[str, str], note: Note
) -> Report:
    # Stated beforehand, so that what is too large is refused before it is sent.
    headers = {"content-length": str(file.stat().st_size)}
    params = {"name": file.name, **words}
    try:
        with (
            open_door(owner, configuration, timeout=PATIENCE) as door,
            door.stream("POST", PATH, params=params, headers=headers, content=_read(file)) as answer,
        ):
            return _follow(answer, note)
    except httpx.TransportError as error:
        told = f"{owner.ports.http_url}{PATH} broke off: {error}"
        raise StoreError(told, is_transient=True, hint="import it again") from error


def _follow(answer: httpx.Response, note: Note) -> Report:
    if answer.status_code != httpx.codes.OK:
        answer.read()
        raise BilltrailError(f"the platform refused the log: HTTP {answer.status_code}: {answer.text[:200]}")
    for line in answer.iter_lines():
        step = json.loads(line)
        if "error" in step:
            raise BilltrailError(step["error"], hint=step["hint"])
        if "report" in step:
            return dict(step["report"])
        note(step["done"], step["total"])
    raise StoreError("the platform ended before the log was imported", is_transient=True, hint="import it again")


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK_BYTES):
            yield chunk


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    rows = [{"what": name.replace("_", " "), "number": report[name]} for name in COUNTS if report[name]]
    print_rows(rows, as_json=False, empty="the log is empty")
    if report["dangling_count"]:
        _warn(
            f"{report['dangling_count']} references ({report['dangling_from_events']} of events, "
            f"{report['dangling_from_objects']} of objects) to {report['dangling_objects']} objects the log does not "
            "declare; they are kept, to objects of the type unknown",
            report["dangling_kinds"],
            report["dangling"],
        )
    if report["stray_count"]:
        _warn(f"{report['stray_count']} things were left out", report["stray_kinds"], report["strays"])


def _warn(told: str, kinds: dict[str, int], examples: list[str]) -> None:
    lines = [told, *(f"  {count} × {kind}" for kind, count in kinds.items())]
    lines += [f"  such as {example}" for example in examples[:SHOWN]]
    for line in lines:
        error_console.print(line, style="yellow", markup=False, highlight=False)
