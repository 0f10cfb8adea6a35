"""`billtrail replay`: dead letters go through the journal again. First it only tells what it would do."""

import getpass
from datetime import datetime
from typing import Annotated

import httpx
import typer
from pydantic import TypeAdapter

from billtrail.cli.door import open_door
from billtrail.cli.output import console, error_console, print_json, print_rows
from billtrail.cli.reach import configure, owning
from billtrail.cli.words import AsJson, Data
from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.errors import BilltrailError, StoreError
from billtrail.model.vocabulary import DeadLetterReason
from billtrail.platform.ownership import Owner, find_owner
from billtrail.replaying import PATH, replay_into
from billtrail.store import StoreSettings
from collector.replay import Choice, ReplayReport, ReplayWish

commands = typer.Typer()

PATIENCE = httpx.Timeout(10.0, read=None)


@commands.command("replay")
def replay(
    context: typer.Context,
    *,
    reason: Annotated[DeadLetterReason | None, typer.Option(help="Letters with this reason.")] = None,
    source: Annotated[str, typer.Option(help="Letters from this source.", show_default="any")] = "",
    since: Annotated[datetime | None, typer.Option(help="Received at this instant (UTC) or later.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Received before this instant (UTC).")] = None,
    id: Annotated[list[str] | None, typer.Option(help="This letter. May be given more than once.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it. Without it nothing is changed.")] = False,
    why: Annotated[str, typer.Option(help="What was mended; goes into the audit log.")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Replay dead letters that fit all the words given. Doing it again changes nothing."""
    configuration = configure(context, data)
    choice = Choice(reason=reason, source=source, since=since, until=until, ids=tuple(id or ()))
    wish = ReplayWish(choice=choice, applies=apply, actor=getpass.getuser(), why=why)
    owner = find_owner(configuration.of(StoreSettings).data)
    if owner and owner.is_platform:
        report = _replay_through(owner, configuration, wish)
    else:
        with owning(configuration.of(StoreSettings), "replay") as store:
            report = replay_into(store, configuration, SystemClock(), wish)
    _print(report, as_json)


def _replay_through(owner: Owner, configuration: Configuration, wish: ReplayWish) -> ReplayReport:
    try:
        with open_door(owner, configuration, timeout=PATIENCE) as door:
            answer = door.post(PATH, content=wish.model_dump_json())
    except httpx.TransportError as error:
        told = f"{owner.ports.http_url}{PATH} broke off: {error}"
        raise StoreError(told, is_transient=True, hint="replay again") from error
    if answer.status_code != httpx.codes.OK:
        raise BilltrailError(f"the platform refused the replay: HTTP {answer.status_code}: {answer.text[:200]}")
    return TypeAdapter(ReplayReport).validate_json(answer.content)


def _print(report: ReplayReport, as_json: bool) -> None:
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    rows = [{"what": "reason", "is": name, "letters": count} for name, count in sorted(report.by_reason.items())]
    rows += [{"what": "source", "is": name, "letters": count} for name, count in sorted(report.by_source.items())]
    print_rows(rows, as_json=False, empty="no dead letter fits that can be replayed")
    if report.replayed:
        console.print(f"{report.replayed} replayed" if report.is_applied else f"{report.replayed} would be replayed")
    if report.replayed and not report.is_applied:
        error_console.print("  try: the same with --apply")
    for name in report.first_unusable:
        error_console.print(f"cannot go back as it is: {name}", style="yellow", markup=False, highlight=False)
