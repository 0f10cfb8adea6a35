"""The history a backtest judges again, carried from one process to another in parts: it need not fit into memory.

A part is a table and some of its rows. Between the processes each is a file, which goes when it is taken.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from billtrail.store import Row, Store
from slos.catalogue import Catalogue

PACKAGE = "slos"
COPIED = (
    "journey_milestones",
    "milestone_rows",
    "lifecycle_rows",
    "lifecycle_event_rows",
    "lifecycle_object_rows",
    "sla_exclusions",
)
ROWS_PER_PART = 50_000

Part = tuple[str, list[Row]]
Progress = Callable[[int, int], None]


def read_history(
    store: Store, catalogue: Catalogue, tables: tuple[str, ...] = COPIED, on_progress: Progress | None = None
) -> Iterator[Part]:
    """Read what a judge needs. Shape: a table and some of its rows. Cost: every milestone and lifecycle, or event."""
    pauses = [pause for definition in catalogue.definitions for pause in definition.pauses]
    milestones = sorted({name for pause in pauses for name in (pause.start_milestone, pause.stop_milestone)})
    records = {row["name"]: int(row["records"]) for row in store.rows(PACKAGE, "count_history")}
    parts = {table: 1 + records.get(table, 0) // ROWS_PER_PART for table in tables}
    wanted = [(table, part) for table in tables for part in range(parts[table])]
    for done, (table, part) in enumerate(wanted, start=1):
        share = {"milestones": milestones, "parts": parts[table], "part": part}
        yield table, store.rows(PACKAGE, f"copy_{table}", share)
        if on_progress:
            on_progress(done, len(wanted))


def put_parts(folder: Path, parts: Iterable[Part]) -> None:
    """Write each part to a file of its own."""
    for number, part in enumerate(parts):
        (folder / f"{number:06}.part").write_bytes(pickle.dumps(part))


def take_parts(folder: Path) -> Iterator[Part]:
    """Read the parts in their order and remove their files. Only for files that `put_parts` wrote."""
    for file in sorted(folder.glob("*.part")):
        yield pickle.loads(file.read_bytes())
        file.unlink()
