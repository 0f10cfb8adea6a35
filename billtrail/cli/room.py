"""`billtrail collector|correlators|slos|alerts`: one room as a process of its own, beside a ClickHouse server."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billtrail.cli.output import error_console
from billtrail.cli.process import keep_what_is_loaded, set_up_logging, stop_on_signals
from billtrail.cli.reach import configure
from billtrail.clock import SystemClock
from billtrail.crowd import allow_many_files
from billtrail.store import Store
from simulator.settings import SimulatorSettings

if TYPE_CHECKING:
    from billtrail.app import Platform

commands = typer.Typer()

PANEL = "Rooms, each a process beside a ClickHouse server"


@commands.command("collector", rich_help_panel=PANEL)
def run_collector(
    context: typer.Context,
    *,
    grpc_port: Annotated[int | None, typer.Option(help="Spans over gRPC; -1: none.", show_default="4317")] = None,
) -> None:
    """Open the doors: spans and events in, journal, tables."""
    from billtrail import app

    _run(context, "collector", app.start_collector, collector={"grpc_port": grpc_port})


@commands.command("correlators", rich_help_panel=PANEL)
def run_correlators(context: typer.Context) -> None:
    """Join events and spans into lifecycles."""
    from billtrail import app

    _run(context, "correlators", app.start_correlators)


@commands.command("slos", rich_help_panel=PANEL)
def run_slos(context: typer.Context) -> None:
    """Judge the promises."""
    from billtrail import app

    _run(context, "slos", app.start_slos)


@commands.command("alerts", rich_help_panel=PANEL)
def run_alerts(context: typer.Context) -> None:
    """Tell people."""
    from billtrail import app

    _run(context, "alerts", app.start_alerts)


@commands.command("dashboards", rich_help_panel=PANEL)
def run_dashboards(context: typer.Context) -> None:
    """Serve the pages."""
    from billtrail import app

    _run(context, "dashboards", lambda platform, store: app.start_dashboards(platform, store.settings))


@commands.command("simulator", rich_help_panel=PANEL)
def run_simulator(
    context: typer.Context,
    collector: Annotated[str, typer.Option(help="Where the doors are.")] = "http://127.0.0.1:4318",
) -> None:
    """Set a simulated firm to work on a collector: its history, then live."""
    from billtrail.app import Platform
    from billtrail.demo import Demo

    configuration = configure(context)
    set_up_logging()
    with ExitStack() as teardown:
        platform = Platform(SystemClock(), configuration, teardown)
        demo = Demo(configuration.of(SimulatorSettings), collector, lambda done, total: None, tells_history=True)
        teardown.callback(demo.close)
        platform.start_loop("simulator", demo.run_forever)
        _stay(platform, "simulator")


def _run(
    context: typer.Context, name: str, start: "Callable[[Platform, Store], object]", **flags: dict[str, Any]
) -> None:
    from billtrail.app import open_room

    configuration = configure(context, None, **flags)
    set_up_logging()
    allow_many_files()
    with open_room(start, configuration, SystemClock()) as platform:
        _stay(platform, name)


def _stay(platform: "Platform", name: str) -> None:
    stop_on_signals(platform.stop)
    keep_what_is_loaded()
    error_console.print(f"billtrail {name} is running, Ctrl-C stops it")
    platform.stop.wait()
