"""The rendered DDL of the three topologies, one golden file each; `make golden` writes them again."""

from pathlib import Path

from billtrail.store.migrate import read_migrations
from billtrail.store.settings import StoreSettings, Topology
from billtrail.store.topology import render_ddl

FOLDER = Path(__file__).parent / "golden"

PLACES = {
    Topology.EMBEDDED: StoreSettings(),
    Topology.SERVER: StoreSettings(url="http://clickhouse:8123"),
    Topology.CLUSTER: StoreSettings(url="http://clickhouse:8123", cluster="firm"),
}


def golden_path(topology: Topology) -> Path:
    return FOLDER / f"{topology}.sql"


def render_all(topology: Topology) -> str:
    """Render every migration for one topology, in order, each under its file name."""
    settings = PLACES[topology]
    return "\n".join(
        f"-- {migration.name}\n{render_ddl(migration.sql, settings)};\n" for migration in read_migrations()
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for place in Topology:
        golden_path(place).write_text(render_all(place), encoding="utf-8")
