"""`billtrail rebuild`: everything derived anew from the events, or a source's history after its mapping changed."""

import getpass
from typing import Annotated, Any

import httpx
import typer
from rich.progress import Progress

from billtrail.cli.door import open_door
from billtrail.cli.output import console, error_console, print_json
from billtrail.cli.reach import configure, owning
from billtrail.cli.rebuild_everything import rebuild_everything
from billtrail.cli.words import AsJson, Data
from billtrail.clock import SystemClock
from billtrail.configuration import Configuration
from billtrail.errors import BilltrailError, SettingsError, StoreError
from billtrail.platform.ownership import Owner, find_owner
from billtrail.rebuilding import PATH, rebuild_into
from billtrail.store import StoreSettings
from collector.load.wish import RebuildWish as SourceWish
from correlators.rebuild import RebuildWish

commands = typer.Typer()

PATIENCE = httpx.Timeout(10.0, read=None)


@commands.command("rebuild")
def rebuild(
    context: typer.Context,
    *,
    source: Annotated[str, typer.Option(help="Only map this source's messages anew: the folder that changed.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    why: Annotated[str, typer.Option(help="Goes into the audit log.")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Derive objects, relations, lifecycles and milestones anew from the events. Doing it again changes nothing.

    What people decided stays. Meanwhile nothing is judged and nobody is notified; pages show what is there so far.
    With --source, derive that source's events anew from everything it ever sent.
    """
    configuration = configure(context, data)
    if not source:
        rebuild_everything(configuration, RebuildWish(actor=getpass.getuser(), reason=why, is_dry=dry_run), as_json)
        return
    wish = SourceWish(source=source, is_dry=dry_run, actor=getpass.getuser(), why=why)
    owner = find_owner(configuration.of(StoreSettings).data)
    if owner and owner.is_platform:
        with error_console.status(f"rebuilding {source}"):
            outcome = _rebuild_through(owner, configuration, wish)
    else:
        with owning(configuration.of(StoreSettings), "rebuild") as store, Progress(console=error_console) as progress:
            task = progress.add_task(f"rebuilding {source}", total=None)
            outcome = rebuild_into(
                store, configuration, SystemClock(), wish,
                lambda done, total: progress.update(task, completed=done, total=total),
            )  # fmt: skip
    if as_json:
        print_json(outcome)
        return
    verb = "would be" if dry_run else "were"
    console.print(f"{outcome['messages']} messages, {outcome['ignored']} mean nothing, {outcome['rejected']} unusable")
    console.print(
        f"{outcome['events']} events: {outcome['changed']} {verb} changed, {outcome['added']} added,"
        f" {outcome['removed']} removed"
    )


def _rebuild_through(owner: Owner, configuration: Configuration, wish: SourceWish) -> dict[str, Any]:
    try:
        with open_door(owner, configuration, timeout=PATIENCE) as door:
            answer = door.post(PATH, content=wish.model_dump_json())
    except httpx.TransportError as error:
        told = f"{owner.ports.http_url}{PATH} broke off: {error}"
        raise StoreError(told, is_transient=True, hint="rebuild again") from error
    if answer.status_code != httpx.codes.OK:
        raise _refusal(answer)
    outcome: dict[str, Any] = answer.json()
    return outcome


def _refusal(answer: httpx.Response) -> BilltrailError:
    if answer.status_code == httpx.codes.BAD_REQUEST:
        problem = answer.json()
        return SettingsError(problem["detail"], hint=problem.get("hint", ""))
    return BilltrailError(f"the platform refused the rebuild: HTTP {answer.status_code}: {answer.text[:1000]}")
