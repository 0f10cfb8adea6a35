"""`billtrail import FILE`: an OCEL 2.0 log, JSON or SQLite, through the running platform or straight into the store."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from billtrail.cli.output import error_console, print_json, print_rows
from billtrail.cli.reach import configure, owning
from billtrail.cli.words import AsJson, Data
from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.errors import BilltrailError, StoreError
from billtrail.platform.ownership import Owner, find_owner
from billtrail.store import StoreSettings
from collector.settings import CollectorSettings

commands = typer.Typer()

CHUNK_BYTES = 1 << 20
PATIENCE = httpx.Timeout(10.0, read=None, write=None)
COUNTS = ("events", "objects", "event_relations", "object_relations", "dangling_count")

Note = Callable[[int, int], None]
Report = dict[str, Any]


@commands.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="OCEL 2.0, JSON or SQLite.", exists=True, dir_okay=False)],
    source: Annotated[str, typer.Option(help="System it comes from.", show_default="the file's name")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Import a log of events and objects. Importing it again changes nothing."""
    configuration = configure(context, data)
    owner = find_owner(configuration.of(StoreSettings).data)
    with Progress(TextColumn("importing"), BarColumn(), MofNCompleteColumn(), console=error_console) as bar:
        task = bar.add_task("import", total=None)

        def note(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if owner and owner.is_platform:
            report = _import_through(owner, configuration, file, source, note)
        else:
            report = _import_directly(configuration, file, source, note)
    _print(report, as_json)


def _import_directly(configuration: Configuration, file: Path, source: str, note: Note) -> Report:
    from billtrail.importing import import_into

    with owning(configuration.of(StoreSettings), "import") as store:
        report = import_into(store, configuration, SystemClock(), file, source=source, on_progress=note)
    return asdict(report)


def _import_through(owner: Owner, configuration: Configuration, file: Path, source: str, note: Note) -> Report:
    url = f"{owner.ports.http_url}/api/v1/imports"
    tokens = configuration.of(CollectorSettings).tokens
    headers = {"authorization": f"Bearer {tokens[0].get_secret_value().rpartition('=')[2]}"} if tokens else {}
    # Stated beforehand, so that what is too large is refused before it is sent.
    headers |= {"content-length": str(file.stat().st_size)}
    words = {"name": file.name, "source": source}
    try:
        with httpx.stream("POST", url, params=words, headers=headers, content=_read(file), timeout=PATIENCE) as answer:
            return _follow(answer, note)
    except httpx.TransportError as error:
        raise StoreError(f"{url} broke off: {error}", is_transient=True, hint="import it again") from error


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
    print_rows([{"what": name.replace("_", " "), "number": report[name]} for name in COUNTS], as_json=False)
    for line in report["dangling"][:10]:
        error_console.print(f"refers to nothing: {line}", style="yellow", markup=False, highlight=False)
