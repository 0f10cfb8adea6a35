"""What a platform says when it is up: where everything is."""

from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from billtrail.cli.output import console
from billtrail.platform.ownership import Ports


def print_banner(ports: Ports) -> None:
    """Print the addresses of the doors and pages that are open."""
    table = Table.grid(padding=(0, 2))
    if ports.dashboards:
        table.add_row(Text("dashboards", style="bold"), Text(ports.dashboards_url, style="bold cyan"))
    table.add_row("spans and events", Text(ports.http_url, style="cyan"))
    if ports.grpc:
        table.add_row("spans over gRPC", Text(ports.grpc_address, style="cyan"))
    table.add_row("queries", Text(ports.read_url, style="cyan"))
    console.print(Panel(table, title="Billtrail is up", subtitle="Ctrl-C stops it", expand=False))
