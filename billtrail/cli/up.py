"""`billtrail up`: the whole platform in this process, until Ctrl-C."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from billtrail.cli.banner import print_banner
from billtrail.cli.output import console, error_console
from billtrail.cli.process import keep_what_is_loaded, set_up_logging, stop_on_signals
from billtrail.cli.reach import configure
from billtrail.cli.words import Data
from billtrail.clock import SystemClock
from billtrail.crowd import allow_many_files
from billtrail.store import StoreSettings
from collector.settings import CollectorSettings
from simulator.settings import SimulatorSettings

if TYPE_CHECKING:
    from billtrail.app import Platform

commands = typer.Typer()

WATCH_EVERY_S = 0.2
CATCH_UP_S = 120.0


@commands.command("up")
def up(
    context: typer.Context,
    *,
    data: Data = None,
    demo: Annotated[bool, typer.Option("--demo", help="Set a simulated firm to work.")] = False,
    http_port: Annotated[int | None, typer.Option(help="Spans and events over HTTP.", show_default="4318")] = None,
    grpc_port: Annotated[int | None, typer.Option(help="Spans over gRPC; -1: none.", show_default="4317")] = None,
    read_port: Annotated[int | None, typer.Option(help="ClickHouse's HTTP protocol.", show_default="8123")] = None,
    dashboards_port: Annotated[int | None, typer.Option(help="Pages for people.", show_default="8501")] = None,
    no_dashboards: Annotated[bool, typer.Option("--no-dashboards", help="Start no dashboards.")] = False,
) -> None:
    """Run the whole platform in one process that owns the data."""
    from billtrail.app import open_platform

    configuration = configure(
        context,
        data,
        collector={"http_port": http_port, "grpc_port": grpc_port},
        read={"port": read_port},
        dashboards={"port": dashboards_port},
    )
    set_up_logging()
    allow_many_files()
    with open_platform(configuration, SystemClock(), has_dashboards=not no_dashboards, is_silent=demo) as platform:
        stop_on_signals(platform.stop)
        keep_what_is_loaded()
        print_banner(platform.ports)
        if demo:
            start_demo(platform)
            platform.wait_until_correlated(CATCH_UP_S)
            platform.speaks.set()
        platform.stop.wait()
        error_console.print("stopping …", style="dim")


def start_demo(platform: "Platform") -> None:
    """Set a simulated firm to work, on empty data with a history first, and show how far that is told."""
    from billtrail.demo import Demo, aim_simulator, take_new_seed

    configuration = platform.configuration
    settings = aim_simulator(configuration.of(SimulatorSettings), configuration.of(CollectorSettings))
    settings = take_new_seed(settings, configuration.of(StoreSettings).data)
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(f"telling {settings.days} days of a firm's history", visible=not platform.has_data)

        def note(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        demo = Demo(settings, platform.ports.http_url, note, tells_history=not platform.has_data)
        platform.teardown.callback(demo.close)
        platform.start_loop("simulator", demo.run_forever)
        while not demo.is_live.is_set() and not platform.stop.wait(WATCH_EVERY_S):
            pass
    if demo.is_live.is_set():
        console.print("a new firm goes live beside what is there" if platform.has_data else "the firm goes on live")
