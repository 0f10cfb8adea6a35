"""`billtrail link|unlink|merge|links`: what a person knows and no event says; audited, taken back with --undo."""

import getpass
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from billtrail.cli.decision import decide
from billtrail.cli.output import console, print_json, print_rows
from billtrail.cli.reach import configure, reading
from billtrail.cli.words import AsJson, Data
from billtrail.deciding import LINKS
from billtrail.errors import SettingsError
from correlators.link import LinkReport, LinkWish, carry_out

commands = typer.Typer()

PACKAGE = "correlators"
SAID = {"link": "{} belongs to {}", "merge": "{} and {} are one", "unlink": "{} and {} are parted"}
STILL = "{} and {} hang together through others"
Key = Annotated[str, typer.Argument(help="As system:type:id, such as psa:project:P-9.")]
Reason = Annotated[str, typer.Option(help="Why; goes into the audit log.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take it back.")]


@commands.command("link")
def link(
    context: typer.Context, part: Key, whole: Key, *, reason: Reason, undo: Undo = False, data: Data = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that an object belongs to another, such as a project to its contract."""
    _decide(context, data, as_json, decision="link", from_key=part, to_key=whole, reason=reason, is_undone=undo)


@commands.command("unlink")
def unlink(
    context: typer.Context, one: Key, other: Key, *, reason: Reason, undo: Undo = False, data: Data = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that two objects do not belong together, whatever events say."""
    _decide(context, data, as_json, decision="unlink", from_key=one, to_key=other, reason=reason, is_undone=undo)


@commands.command("merge")
def merge(
    context: typer.Context, one: Key, other: Key, *, reason: Reason, undo: Undo = False, data: Data = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that two ids stand for one thing."""
    _decide(context, data, as_json, decision="merge", from_key=one, to_key=other, reason=reason, is_undone=undo)


@commands.command("links")
def links(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """List what people have decided about objects and is in force."""
    with reading(configure(context, data)) as store:
        rows = store.rows(PACKAGE, "list_decisions")
    print_rows(rows, as_json=as_json, empty="nobody has decided anything")


def _decide(context: typer.Context, data: Any, as_json: bool, **words: Any) -> None:
    try:
        wish = LinkWish(actor=getpass.getuser(), **words)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if (word := str(first["loc"][0])).endswith("_key"):
            raise SettingsError(
                f"{words[word]!r} is no object", hint="an object is written system:type:id, such as psa:project:P-9"
            ) from error
        raise SettingsError(f"{word}: {first['msg']}") from error
    tell(decide(configure(context, data), LINKS, wish, carry_out, LinkReport), as_json)


def tell(report: LinkReport, as_json: bool) -> None:
    if as_json:
        print_json(report.model_dump())
        return
    state = "no longer decided" if report.is_undone else "decided" if report.is_changed else "was decided already"
    said = (SAID[report.decision] if not report.still else STILL).format(report.from_key, report.to_key)
    lines = [f"{said}: {state}; lifecycles: {', '.join(report.lifecycles) or 'none'}"]
    for step in report.still:
        proof = f"(rule {step['rule']}, proved by {step['event_id']})"
        lines.append(f"  {step['from_key']} {step['kind']} {step['to_key']}  {proof}")
    for number, (one, other) in enumerate(report.instead):
        lines.append(f"{'or' if number else 'part also'}: billtrail unlink {one} {other}")
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
