"""What the migrations come to: the same tables in three topologies, and the folder that shows today's tables."""

import pytest

from billtrail.store import Store
from billtrail.store.schema_dump import FOLDER, dump_schema
from billtrail.store.settings import Topology
from tests.store.golden_ddl import golden_path, render_all

AGAIN = "if the change is wanted, run `make golden` and look at the difference"


@pytest.mark.parametrize("topology", list(Topology))
def test_the_rendered_ddl_is_the_golden_one(topology: Topology) -> None:
    assert render_all(topology) == golden_path(topology).read_text(encoding="utf-8"), AGAIN


@pytest.mark.parametrize("topology", list(Topology))
def test_no_hole_is_left_open(topology: Topology) -> None:
    assert "{{" not in render_all(topology)


def test_a_cluster_replicates_every_table_that_keeps_rows() -> None:
    engines = [line for line in render_all(Topology.CLUSTER).splitlines() if line.startswith("ENGINE")]
    assert engines
    assert all(line.startswith("ENGINE = Replicated") for line in engines)


def test_the_schema_folder_shows_todays_tables(store: Store) -> None:
    shown = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.sql")}
    today = dump_schema(store)
    assert sorted(shown) == sorted(today), AGAIN
    for name, text in today.items():
        assert shown[name] == text, f"{name}: {AGAIN}"
