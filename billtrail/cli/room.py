"""`billtrail collector|correlators|slos|alerts`: one room as a process of its own, beside a ClickHouse server."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from billtrail.cli.output import error_console
from billtrail.cli.process import set_up_logging, stop_on_signals
from billtrail.cli.reach import configure
from billtrail.clock import SystemClock
from billtrail.store import Store

if TYPE_CHECKING:
    from billtrail.app import Platform

commands = typer.Typer()


@commands.command("collector", rich_help_panel="Rooms, each a process beside a ClickHouse server")
def run_collector(context: typer.Context) -> None:
    """Open the doors: spans and events in, journal, tables."""
    from billtrail import app

    _run(context, "collector", app.start_collector)


@commands.command("correlators", rich_help_panel="Rooms, each a process beside a ClickHouse server")
def run_correlators(context: typer.Context) -> None:
    """Join events and spans into lifecycles."""
    from billtrail import app

    _run(context, "correlators", app.start_correlators)


@commands.command("slos", rich_help_panel="Rooms, each a process beside a ClickHouse server")
def run_slos(context: typer.Context) -> None:
    """Judge the promises."""
    from billtrail import app

    _run(context, "slos", app.start_slos)


@commands.command("alerts", rich_help_panel="Rooms, each a process beside a ClickHouse server")
def run_alerts(context: typer.Context) -> None:
    """Tell people."""
    from billtrail import app

    _run(context, "alerts", app.start_alerts)


def _run(context: typer.Context, name: str, start: "Callable[[Platform, Store], object]") -> None:
    from billtrail.app import open_room

    configuration = configure(context)
    set_up_logging()
    with open_room(start, configuration, SystemClock()) as platform:
        stop_on_signals(platform.stop)
        error_console.print(f"billtrail {name} is running, Ctrl-C stops it")
        platform.stop.wait()
