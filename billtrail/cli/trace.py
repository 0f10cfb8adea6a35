"""`billtrail trace ID`: one lifecycle in the terminal, found by any id that leads to it.

An id is a key (`erp:invoice:INV-8841`), a bare id (`INV-8841`), a correlation id, a trace id or an event id. A client
or worker leads to the lifecycles whose events name it, or what it is said to be the same as.
"""

from typing import Annotated, Any

import typer

from billtrail.cli.lifecycle_drawing import draw_lifecycle
from billtrail.cli.output import console, print_json
from billtrail.cli.reach import configure, reading
from billtrail.cli.why import explain, say
from billtrail.cli.words import AsJson, Data
from billtrail.errors import BilltrailError
from billtrail.store import Store
from billtrail.store.reference import find_naming

commands = typer.Typer()

PACKAGE = "billtrail.cli"
# From the cheapest to the dearest; the first that finds something answers. Where none does, it may be a client's id.
WAYS = ("find_by_key", "find_by_bare_id", "find_by_event", "find_by_span")


@commands.command("trace")
def trace(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="Any id: object key, bare id, correlation, trace or event id.")],
    *,
    why: Annotated[bool, typer.Option("--why", help="Only what ties the id to each lifecycle, step by step.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show a contract's whole way: checkpoints, events, promises, findings, failed runs."""
    with reading(configure(context, data)) as store:
        found = find_lifecycles(store, id)
        lifecycles = [_explain(store, id, one) if why else read_lifecycle(store, one) for one in found]
    if not lifecycles:
        raise BilltrailError(
            f"nothing leads from {id!r} to a lifecycle",
            hint="check the id; an event without a known object waits in the view unmatched_events",
        )
    if as_json:
        print_json(lifecycles)
    else:
        for lifecycle in lifecycles:
            if why:
                told = say(lifecycle["why"], lifecycle["lifecycle_id"])
                console.print("\n".join((lifecycle["lifecycle_id"], *told)), highlight=False, soft_wrap=True)
            else:
                console.print(draw_lifecycle(lifecycle))


def _explain(store: Store, id: str, lifecycle_id: str) -> dict[str, Any]:
    return {"lifecycle_id": lifecycle_id, "why": explain(store, id, lifecycle_id)}


def find_lifecycles(store: Store, id: str) -> list[str]:
    """Answer the ids of the lifecycles an id leads to; several when, say, an invoice bills two contracts."""
    id = id.strip()
    if not id:  # Events without a correlation id would all be found by it.
        return []
    for way in WAYS:
        if found := store.rows(PACKAGE, way, {"id": id}):
            return [row["lifecycle_id"] for row in found]
    return list(dict.fromkeys(row["lifecycle_id"] for row in find_naming(store, id)))


def read_lifecycle(store: Store, lifecycle_id: str) -> dict[str, Any]:
    """Answer all there is to say: `lifecycle`, `checkpoints`, `events`, `clocks`, `findings`, `failures`."""
    wanted = {"lifecycle_id": lifecycle_id}
    return {
        "lifecycle": store.rows(PACKAGE, "read_lifecycle", wanted)[0],
        "checkpoints": store.rows(PACKAGE, "read_checkpoints", wanted),
        "events": store.rows(PACKAGE, "read_timeline", wanted),
        "clocks": store.rows(PACKAGE, "read_clocks", wanted),
        "findings": store.rows(PACKAGE, "read_findings", wanted),
        "failures": store.rows(PACKAGE, "read_failures", wanted),
    }
