"""`billtrail schema plan|apply`: what migrations are missing, and bringing the tables up to date."""

from typing import Annotated

import typer

from billtrail.cli.output import console, print_rows
from billtrail.cli.reach import configure, owning
from billtrail.cli.words import AsJson, Data
from billtrail.store import StoreSettings
from billtrail.store.topology import render_ddl

commands = typer.Typer()
schema = typer.Typer(no_args_is_help=True, help="The tables: see what would change, and change it.")
commands.add_typer(schema, name="schema")

UP_TO_DATE = "the tables are up to date"


@schema.command("plan")
def plan_schema(
    context: typer.Context,
    data: Data = None,
    as_json: AsJson = False,
    shows_ddl: Annotated[bool, typer.Option("--ddl", help="Print the statements themselves.")] = False,
) -> None:
    """Show the migrations that are not applied yet. Changes no table."""
    settings = configure(context, data).of(StoreSettings)
    with owning(settings, "schema plan", migrates=False) as store:
        missing = store.migrator().plan()
    if shows_ddl:
        for migration in missing:
            text = render_ddl(migration.sql, settings)
            console.print(f"{text};\n", markup=False, highlight=False, soft_wrap=True)
    else:
        print_rows([{"migration": one.name} for one in missing], as_json=as_json, empty=UP_TO_DATE)


@schema.command("apply")
def apply_schema(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """Apply the migrations that are missing."""
    with owning(configure(context, data).of(StoreSettings), "schema apply", migrates=False) as store:
        applied = store.migrator().apply()
    print_rows([{"applied": one.name} for one in applied], as_json=as_json, empty=UP_TO_DATE)
