"""`billtrail sources list`: who reports, and who has gone quiet."""

import typer

from billtrail.cli.output import print_rows
from billtrail.cli.reach import configure, reading
from billtrail.cli.words import AsJson, Data

commands = typer.Typer()
sources = typer.Typer(no_args_is_help=True, help="The sources: who reports, and who has gone quiet.")
commands.add_typer(sources, name="sources")


@sources.command("list")
def list_sources(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """List every source that has reported, with the time since it was last heard of."""
    with reading(configure(context, data)) as store:
        rows = store.rows("billtrail.cli", "list_sources")
    print_rows(rows, as_json=as_json, empty="no source has reported yet")
