"""The platform as users meet it: `billtrail up` in a process of its own, other people's senders, the read endpoint."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from billtrail.platform.ownership import Ports, find_owner
from tests.cli.terminal import staying, type_words, wait_for_line

REFERENCE = Path(__file__).parents[3] / "shared" / "logs" / "ocel" / "order-management.sqlite"
SPANS = 10_000
LONGEST_S, LOOK_EVERY_S = 90.0, 0.1

# What an import brought into the public views, and what of the log no view shows as such.
COUNTS = """
    SELECT
        (SELECT count() FROM events WHERE system = '{system}') AS events,
        (SELECT sum(length(objects)) FROM events WHERE system = '{system}') AS pairs,
        (SELECT count() FROM objects WHERE system = '{system}' AND object_type != 'unknown') AS objects,
        (SELECT count() FROM objects WHERE system = '{system}' AND object_type = 'unknown') AS unknown,
        (SELECT count() FROM relations WHERE startsWith(from_key, '{system}:')) AS relations,
        (SELECT count() FROM dead_letters) AS dead_letters
"""
# Every row of the views, in one number each: what a second import must not change.
CONTENT = """
    SELECT
        (SELECT groupBitXor(cityHash64(* EXCEPT received_at)) FROM events WHERE system = '{system}') AS events,
        (SELECT groupBitXor(cityHash64(*)) FROM objects WHERE system = '{system}') AS objects,
        (SELECT groupBitXor(cityHash64(*)) FROM relations WHERE startsWith(from_key, '{system}:')) AS relations
"""
PROGRESS = """
    SELECT sum(records) AS loaded, countIf(NOT is_correlated) AS behind
    FROM
    (
        SELECT maxIf(records, stage = 'loaded') AS records, countIf(stage = 'correlated') > 0 AS is_correlated
        FROM segment_ledger FINAL
        WHERE stream = 'events'
        GROUP BY segment
    )
"""


@dataclass
class Running:
    """A platform, and how many business records it was sent."""

    folder: Path
    ports: Ports
    sent: int = 0
    pause: threading.Event = field(default_factory=threading.Event)

    def ask(self, sql: str) -> dict[str, Any]:
        """Answer the one row of a question through the read endpoint."""
        numbers_as_numbers = {"output_format_json_quote_64bit_integers": "0"}
        answer = httpx.post(
            self.ports.read_url, params=numbers_as_numbers, content=f"{sql} FORMAT JSONEachRow", timeout=60
        )
        assert answer.status_code == 200, answer.text
        return dict(json.loads(answer.text))

    def wait_for(self, sql: str, wanted: dict[str, Any]) -> None:
        """Ask until the answer is the wanted one."""
        deadline = time.monotonic() + LONGEST_S
        while (found := self.ask(sql)) != wanted and time.monotonic() < deadline:
            self.pause.wait(LOOK_EVERY_S)
        assert found == wanted

    def take_in(self, log: Path, system: str) -> dict[str, Any]:
        """Import a log with the command, wait until it is correlated, and answer the command's report."""
        said = type_words("import", str(log), "--source", system, "--json", cwd=self.folder)
        assert said.code == 0, said.err
        self.sent += said.json["records"]
        self.wait_for(PROGRESS, {"loaded": self.sent, "behind": 0})
        return dict(said.json)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("platform")
    with staying("up", "--no-dashboards", "--http-port", "0", "--read-port", "0", cwd=folder) as process:
        wait_for_line(process, "Ctrl-C stops it")
        owner = find_owner(folder / "billtrail-data")
        assert owner is not None
        yield Running(folder, owner.ports)


def test_ten_thousand_spans_of_the_opentelemetry_sdk_are_ten_thousand_rows(running: Running) -> None:
    before = running.ask("SELECT count() AS spans FROM spans")["spans"]
    provider = TracerProvider(resource=Resource.create({"service.name": "integration-hub"}))
    exporter = OTLPSpanExporter(endpoint=f"{running.ports.http_url}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=2 * SPANS, max_export_batch_size=500))
    tracer = provider.get_tracer("flow")
    for number in range(SPANS):
        tracer.start_span("export", attributes={"number": number}).end()
    assert provider.force_flush()
    provider.shutdown()
    running.wait_for("SELECT count() AS spans FROM spans", {"spans": before + SPANS})
    numbers = "SELECT uniqExact(SpanAttributes['number']) AS n, uniqExact(SpanId) AS ids FROM spans"
    assert running.ask(f"{numbers} WHERE ServiceName = 'integration-hub'") == {"n": SPANS, "ids": SPANS}


@dataclass(frozen=True)
class Shop:
    """A log of a shop, to be written in either encoding. Its last event names an order that is not there.

    It declares a type of events that none has: what a log says of itself comes back with an export and is no object.
    """

    orders: int = 80

    @property
    def objects(self) -> Sequence[tuple[str, str]]:
        orders = [(f"o{number}", "order") for number in range(self.orders)]
        return [*orders, *((f"i{number}", "item") for number in range(2 * self.orders))]

    @property
    def object_pairs(self) -> Sequence[tuple[str, str, str]]:
        return [(f"i{number}", f"o{number // 2}", "belongs to") for number in range(2 * self.orders)]

    @property
    def events(self) -> Sequence[tuple[str, str, str]]:
        """Id, type and minute."""
        types = ("place order", "pick item", "pick item", "send package")
        return [
            (f"e{number}", types[number % 4], f"2026-02-02T{number // 60:02}:{number % 60:02}:00Z")
            for number in range(4 * self.orders)
        ]

    @property
    def event_types(self) -> Sequence[str]:
        return [*sorted({type for _, type, _ in self.events}), "refund order"]

    @property
    def event_pairs(self) -> Sequence[tuple[str, str, str]]:
        pairs = [(f"e{number}", f"o{number // 4}", "order") for number in range(4 * self.orders)]
        pairs += [
            (f"e{4 * order + 1 + item}", f"i{2 * order + item}", "") for order in range(self.orders) for item in (0, 1)
        ]
        return [*pairs, (f"e{4 * self.orders - 1}", "o-gone", "order")]

    @property
    def counts(self) -> dict[str, int]:
        return {
            "events": len(self.events),
            "pairs": len(self.event_pairs),
            "objects": len(self.objects),
            "unknown": 1,
            "relations": len(self.object_pairs),
            "dead_letters": 0,
        }


def write_json(shop: Shop, path: Path) -> None:
    def related(pairs: Sequence[tuple[str, str, str]], id: str) -> list[dict[str, str]]:
        return [{"objectId": to, "qualifier": qualifier} for one, to, qualifier in pairs if one == id]

    document = {
        "objectTypes": [{"name": name, "attributes": []} for name in ("order", "item")],
        "eventTypes": [{"name": name, "attributes": []} for name in shop.event_types],
        "objects": [
            {"id": id, "type": type, "relationships": related(shop.object_pairs, id)} for id, type in shop.objects
        ],
        "events": [
            {"id": id, "type": type, "time": at, "relationships": related(shop.event_pairs, id)}
            for id, type, at in shop.events
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def write_sqlite(shop: Shop, path: Path) -> None:
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)")
    made.execute("CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT)")
    made.executemany("INSERT INTO event_object VALUES (?, ?, ?)", shop.event_pairs)
    made.executemany("INSERT INTO object_object VALUES (?, ?, ?)", shop.object_pairs)
    for kind, rows in (("object", [(*one, None) for one in shop.objects]), ("event", shop.events)):
        made.execute(f"CREATE TABLE {kind} (ocel_id TEXT, ocel_type TEXT)")
        made.execute(f"CREATE TABLE {kind}_map_type (ocel_type TEXT, ocel_type_map TEXT)")
        made.executemany(f"INSERT INTO {kind} VALUES (?, ?)", [one[:2] for one in rows])
        for type in shop.event_types if kind == "event" else sorted({one[1] for one in rows}):
            table = type.title().replace(" ", "")
            made.execute(f"INSERT INTO {kind}_map_type VALUES (?, ?)", (type, table))
            made.execute(f"CREATE TABLE {kind}_{table} (ocel_id TEXT, ocel_time TEXT)")
            if kind == "event":
                told = [(id, at) for id, one, at in rows if one == type]
                made.executemany(f"INSERT INTO {kind}_{table} VALUES (?, ?)", told)
    made.commit()
    made.close()


@pytest.mark.parametrize("write", [write_json, write_sqlite])
def test_a_log_is_in_the_views_to_the_record_and_only_once(running: Running, tmp_path: Path, write: Any) -> None:
    shop, log, system = Shop(), tmp_path / "shop", write.__name__
    write(shop, log)
    report = running.take_in(log, system)
    assert report["dangling"] == [f"event e{4 * shop.orders - 1}: no object 'o-gone'"]
    assert running.ask(COUNTS.format(system=system)) == shop.counts
    content = running.ask(CONTENT.format(system=system))
    assert running.take_in(log, system) == report
    assert running.ask(COUNTS.format(system=system)) == shop.counts
    assert running.ask(CONTENT.format(system=system)) == content


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference material beside the project")
def test_order_management_is_in_the_views_to_the_record_and_only_once(running: Running) -> None:
    whole = {"events": 18_211, "pairs": 35_857, "objects": 10_031, "unknown": 0, "relations": 25_336, "dead_letters": 0}
    running.take_in(REFERENCE, "shop")
    assert running.ask(COUNTS.format(system="shop")) == whole
    content = running.ask(CONTENT.format(system="shop"))
    running.take_in(REFERENCE, "shop")
    assert running.ask(COUNTS.format(system="shop")) == whole
    assert running.ask(CONTENT.format(system="shop")) == content
