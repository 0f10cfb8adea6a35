"""How long a silence of a source is ordinary: written, when the collector starts, where `source_health` finds it."""

from billtrail.store import Store
from collector.mapping import Catalogue
from collector.mapping.expression import Constant
from collector.settings import CollectorSettings

ROOM = "collector"


def write_expectations(store: Store, catalogue: Catalogue, settings: CollectorSettings) -> int:
    """Write what differs from what is known; answer how many. Settings win over the folder. Raises StoreError."""
    wanted: dict[str, int] = {}
    for name, source in catalogue.sources.items():
        said = settings.sources.get(name)
        seconds = (said.expected_seconds if said else 0) or source.receive.expected_s
        if isinstance(source.spoken_source, Constant):
            wanted[source.spoken_source.text] = int(seconds * 1000)
    known = {row["source"]: row["expected_ms"] for row in store.rows(ROOM, "read_expectations")}
    rows = [{"source": name, "expected_ms": ms} for name, ms in wanted.items() if ms != known.get(name, 0)]
    store.insert("source_expectations", rows)
    return len(rows)
