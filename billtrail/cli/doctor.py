"""`billtrail doctor`: is this machine fit, is the platform well, is anything stuck? Exit code 1 when not."""

from collections.abc import Iterator

import typer
from rich.text import Text

from billtrail.cli import checkup
from billtrail.cli.checkup import Finding, State
from billtrail.cli.door import trust
from billtrail.cli.output import console, print_json
from billtrail.cli.reach import configure, reading
from billtrail.cli.words import AsJson, Data
from billtrail.configuration import Configuration
from billtrail.errors import BilltrailError
from billtrail.platform.ownership import find_owner
from billtrail.store import StoreSettings
from billtrail.store.endpoint.settings import ReadSettings
from billtrail.store.settings import Topology
from collector.settings import CollectorSettings
from dashboards.settings import DashboardsSettings

commands = typer.Typer()

MARKS = {State.OK: ("✓", "green"), State.WARNING: ("!", "yellow"), State.FAILED: ("✗", "red")}


@commands.command("doctor")
def examine(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """Look at the machine, the settings and the running platform."""
    findings = list(_examine(context, data))
    if as_json:
        print_json([{"check": one.check, "state": one.state, "detail": one.detail} for one in findings])
    for one in () if as_json else findings:
        mark, style = MARKS[one.state]
        console.print(Text.assemble((mark, style), f" {one.check}: {one.detail}"), soft_wrap=True)
    if any(one.state is State.FAILED for one in findings):
        raise typer.Exit(1)


def _examine(context: typer.Context, data: Data) -> Iterator[Finding]:
    yield checkup.check_python()
    yield checkup.check_engine()
    try:
        configuration = configure(context, data)
    except BilltrailError as error:
        yield checkup.describe_failure("settings", error)
        return
    yield Finding("settings", State.OK, configuration.file_label)
    yield from _examine_place(configuration)
    try:
        yield from checkup.check_secrets(configuration.of(CollectorSettings))
        yield from _examine_data(configuration)
    except BilltrailError as error:
        yield checkup.describe_failure("store", error)


def _examine_place(configuration: Configuration) -> Iterator[Finding]:
    store = configuration.of(StoreSettings)
    if store.topology is not Topology.EMBEDDED:
        yield Finding("topology", State.OK, f"{store.topology} at {store.url}")
        return
    yield checkup.check_disk(store.data)
    owner = find_owner(store.data)
    yield checkup.check_owner(owner)
    if owner and owner.is_platform:
        yield from checkup.check_readiness(owner, trust(configuration.of(CollectorSettings)))
    elif owner is None:
        yield from _examine_ports(configuration)


def _examine_ports(configuration: Configuration) -> Iterator[Finding]:
    collector, read = configuration.of(CollectorSettings), configuration.of(ReadSettings)
    yield checkup.check_port("http", collector.http_host, collector.http_port)
    if collector.grpc_port > 0:
        yield checkup.check_port("grpc", collector.grpc_host, collector.grpc_port)
    yield checkup.check_port("read", read.host, read.port)
    dashboards = configuration.of(DashboardsSettings)
    yield checkup.check_port("dashboards", dashboards.host, dashboards.port)


def _examine_data(configuration: Configuration) -> Iterator[Finding]:
    settings = configuration.of(StoreSettings)
    if settings.topology is Topology.EMBEDDED and not (settings.data / "store").exists():
        yield Finding("store", State.OK, "no data yet")
        return
    with reading(configuration) as store:
        yield from checkup.check_data(store)
