"""A journey beside quote to cash, on the public log "order management": each order has its own lifecycle, with exactly
its items and packages, as networkx computes them from the file itself.

An order is split over up to 6 packages and a package holds items of up to 24 orders, so that whatever is connected is
one thing, or three; and customers, employees and products connect everything.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx
import pytest
from prometheus_client import CollectorRegistry

import correlators
from billtrail.clock import SystemClock
from billtrail.store import Store
from collector.imports import import_log, open_log
from collector.metrics import CollectorMetrics
from collector.run import Intake
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from tests.support.store import drop_test_store, open_test_store

JOURNEY = Path(correlators.__file__).parent / "journeys" / "order_management.yaml"
LOG = Path(__file__).parents[3] / "shared" / "logs" / "ocel" / "order-management.sqlite"
SYSTEM = "order-management"
REFERENCES = {"customers", "employees", "products"}

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not LOG.exists(), reason="no reference material beside the project"),
    pytest.mark.skipif(not JOURNEY.exists(), reason="there is no journey of order management"),
]


@dataclass(frozen=True)
class Expected:
    """Of each order, by its key: the keys of its objects, itself among them, and the ids of its events."""

    objects: dict[str, set[str]]
    events: dict[str, set[str]]


@pytest.fixture(scope="module")
def expected() -> Expected:
    log = sqlite3.connect(f"{LOG.as_uri()}?mode=ro&immutable=1", uri=True)
    types = dict(log.execute("SELECT CAST(ocel_id AS TEXT), ocel_type FROM object"))
    # From an order down to its items, and from an item down to the packages that hold it.
    graph = networkx.DiGraph()
    graph.add_nodes_from(id for id, kind in types.items() if kind not in REFERENCES)
    relations = "SELECT CAST(ocel_source_id AS TEXT), CAST(ocel_target_id AS TEXT), ocel_qualifier FROM object_object"
    for one, other, qualifier in log.execute(relations):
        if qualifier == "comprises":
            graph.add_edge(one, other)
        elif qualifier == "contains":
            graph.add_edge(other, one)
    named = defaultdict(set)
    for event, object in log.execute("SELECT ocel_event_id, CAST(ocel_object_id AS TEXT) FROM event_object"):
        named[object].add(event)
    log.close()
    members = {id: {id, *networkx.descendants(graph, id)} for id, kind in types.items() if kind == "orders"}
    return Expected(
        {key(types, id): {key(types, one) for one in ids} for id, ids in members.items()},
        {key(types, id): set().union(*(named[one] for one in ids)) for id, ids in members.items()},
    )


def key(types: dict[str, str], id: str) -> str:
    return f"{SYSTEM}:{types[id]}:{id}"


@pytest.fixture(scope="module")
def imported(engine_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store, clock = open_test_store(engine_path), SystemClock()
    settings = CollectorSettings(journal_dir=tmp_path_factory.mktemp("journal"))
    intake = Intake(settings, store, clock, CollectorMetrics(CollectorRegistry()))
    intake.start()
    import_log(open_log(LOG), intake.events, clock)
    intake.stop()
    Correlators(store, clock, CorrelatorsSettings()).drain()
    yield store
    drop_test_store(store)


def read_pairs(store: Store, sql: str) -> dict[str, set[str]]:
    found = defaultdict(set)
    for row in store.query(sql):
        found[row["lifecycle_id"]].add(row["member"])
    return dict(found)


def test_the_log_is_as_tangled_as_it_is_said_to_be(expected: Expected) -> None:
    packages: dict[str, set[str]] = defaultdict(set)
    for order, keys in expected.objects.items():
        for one in keys:
            if ":packages:" in one:
                packages[one].add(order)
    assert len(expected.objects) == 2_000
    assert max(len(orders) for orders in packages.values()) == 24
    assert max(sum(":packages:" in one for one in keys) for keys in expected.objects.values()) == 6


def test_each_order_has_its_own_lifecycle(imported: Store, expected: Expected) -> None:
    rows = imported.query("SELECT lifecycle_id, root_key, journey FROM lifecycles WHERE superseded_by = ''")
    assert {row["root_key"] for row in rows} == set(expected.objects)
    assert {row["journey"] for row in rows} == {"order_management"}
    assert len(rows) == 2_000


def test_a_lifecycle_has_exactly_its_items_and_packages(imported: Store, expected: Expected) -> None:
    """Packages that several orders share belong to each of them; references glue nothing."""
    found = read_pairs(
        imported,
        "SELECT lifecycle_id, object_key AS member FROM lifecycle_objects "
        "WHERE object_type NOT IN ('customers', 'employees', 'products')",
    )
    assert {id: found.get(id) for id in expected.objects} == expected.objects
    assert set(found) == set(expected.objects)


def test_a_lifecycle_has_exactly_the_events_of_its_objects(imported: Store, expected: Expected) -> None:
    found = read_pairs(imported, "SELECT lifecycle_id, event_id AS member FROM lifecycle_events")
    assert found == expected.events


def test_every_event_belongs_to_an_order(imported: Store) -> None:
    assert imported.query("SELECT count() AS n FROM unmatched_events") == [{"n": 0}]
    assert imported.query("SELECT uniqExact(event_id) AS n FROM lifecycle_events") == [{"n": 18_211}]


def test_references_are_attached_and_found(imported: Store) -> None:
    """A customer is known with what was declared of it, and is in no lifecycle as its root."""
    rows = imported.query("SELECT object_type, count() AS n FROM objects GROUP BY object_type ORDER BY object_type")
    counts = {row["object_type"]: row["n"] for row in rows}
    assert {name: counts[name] for name in sorted(REFERENCES)} == {"customers": 3, "employees": 18, "products": 20}


def test_the_checkpoints_of_an_order_are_the_journeys(imported: Store, expected: Expected) -> None:
    [row] = imported.query(
        "SELECT milestones, milestone_states FROM lifecycles WHERE root_key = 'order-management:orders:990001'"
    )
    assert {"order_placed", "order_confirmed", "item_picked", "package_created", "package_sent"} <= set(
        row["milestones"]
    )
