"""`billtrail slo exclude|include|exclusions`: time that counts for no promise, decided by a person, audited."""

import getpass
from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from billtrail.cli.decision import decide
from billtrail.cli.output import console, print_json, print_rows
from billtrail.cli.reach import configure, reading
from billtrail.cli.words import AsJson, Data
from billtrail.configuration import Configuration
from billtrail.deciding import EXCLUSIONS
from billtrail.errors import SettingsError
from slos.exclude import ExclusionReport, ExclusionWish, carry_out

PACKAGE = "slos"
EXAMPLE = "write 2026-05-01T18:00:00+02:00, or Z for UTC"
Name = Annotated[str, typer.Argument(help="What the exclusion is called.")]
Reason = Annotated[str, typer.Option(help="Why; goes into the audit log.")]


def exclude(
    context: typer.Context,
    name: Name,
    *,
    since: Annotated[str, typer.Option("--from", help="When it begins, with its offset from UTC.")],
    until: Annotated[str, typer.Option(help="When it ends.")],
    reason: Reason,
    sla: Annotated[list[str] | None, typer.Option(help="This SLA. May be given more than once; else all.")] = None,
    legal_entity: Annotated[list[str] | None, typer.Option(help="This legal entity; else all.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="This region; else all.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Let clocks stand still for a stretch of time, before or after the fact. The same again changes nothing."""
    wish = _wish(
        action="exclude",
        exclusion=name,
        reason=reason,
        starts_at=_read_instant("--from", since),
        ends_at=_read_instant("--until", until),
        slas=tuple(sla or ()),
        legal_entities=tuple(legal_entity or ()),
        regions=tuple(region or ()),
    )
    _tell(_carry_out(configure(context, data), wish), as_json)


def include(context: typer.Context, name: Name, *, reason: Reason, data: Data = None, as_json: AsJson = False) -> None:
    """Take an exclusion back: its time counts again."""
    wish = _wish(action="include", exclusion=name, reason=reason)
    _tell(_carry_out(configure(context, data), wish), as_json)


def exclusions(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """List the exclusions in force, by file and by command."""
    with reading(configure(context, data)) as store:
        rows = store.rows(PACKAGE, "read_exclusions")
    print_rows(rows, as_json=as_json, empty="nothing is excluded")


def add_to(group: typer.Typer) -> None:
    """Add the commands to `billtrail slo`."""
    for command in (exclude, include, exclusions):
        group.command(command.__name__)(command)


def _wish(**words: Any) -> ExclusionWish:
    try:
        return ExclusionWish(actor=getpass.getuser(), **words)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SettingsError(f"{first['loc'][0]}: {first['msg']}") from error


def _read_instant(word: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{word}: {text!r} is no instant", hint=EXAMPLE) from error
    if at.tzinfo is None:
        raise SettingsError(f"{word}: {text} has no time zone", hint=EXAMPLE)
    return at


def _carry_out(configuration: Configuration, wish: ExclusionWish) -> ExclusionReport:
    return decide(configuration, EXCLUSIONS, wish, carry_out, ExclusionReport)


def _tell(report: ExclusionReport, as_json: bool) -> None:
    if as_json:
        print_json(report.model_dump())
        return
    done = f"{report.exclusion} is {report.action}d" if report.is_changed else f"{report.exclusion} was so already"
    console.print(f"{done}; {report.clocks} clocks ran in that time", highlight=False)
