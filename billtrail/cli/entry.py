"""The one entry: gathers the commands and is the rim where errors become a line and an exit code.

Exit codes: 0 fine, 1 something failed, 2 a wrong word or setting. A word that is nearly right is answered with the
right one.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from billtrail.cli import (
    doctor,
    export,
    import_file,
    link,
    rebuild,
    replay,
    room,
    schema,
    setting,
    slo,
    source,
    trace,
    up,
    version,
)
from billtrail.cli.output import print_error
from billtrail.cli.version import find_versions
from billtrail.errors import BilltrailError

application = typer.Typer(
    name="billtrail",
    help="Follow every contract from signature to cash.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for part in (
    up,
    import_file,
    export,
    link,
    rebuild,
    replay,
    room,
    trace,
    doctor,
    slo,
    source,
    setting,
    schema,
    version,
):
    application.add_typer(part.commands)


def print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"billtrail {find_versions()['billtrail']}")
        raise typer.Exit


@application.callback()
def take_common_words(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file.", show_default="./billtrail.toml")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Show the version and end.")
    ] = False,
) -> None:
    context.obj = config


def main() -> None:
    """Run the words of this process's command line and end the process with their exit code."""
    try:
        application()
    except BilltrailError as error:
        print_error(error)
        sys.exit(error.exit_code)
