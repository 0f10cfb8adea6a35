"""What the collector counts about itself, on the registry it is handed."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from billtrail.crowd import Crowd
from collector.journal import Journal

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LABELLED = 200


class CollectorMetrics:
    """Counters and histograms of doors and loaders."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._of_door: dict[tuple[str, str], tuple[Counter, Counter, Histogram]] = {}
        self._sources: set[str] = set()
        self.requests = Counter(
            "billtrail_door_requests", "Requests by door and outcome", ["door", "outcome"], registry=registry
        )
        self.request_bytes = Counter(
            "billtrail_door_bytes", "Bytes accepted by door, decompressed", ["door"], registry=registry
        )
        self.request_seconds = Histogram(
            "billtrail_door_seconds", "From request to answer", ["door"], registry=registry, buckets=_SECONDS
        )
        self.ignored_records = Counter(
            "billtrail_door_ignored_records", "Log records that are no business events", ["door"], registry=registry
        )
        self.loaded_records = Counter(
            "billtrail_loaded_records", "Records loaded into tables", ["stream", "kind"], registry=registry
        )
        self.source_messages = Counter(
            "billtrail_source_messages", "What messages of each source became", ["source", "outcome"], registry=registry
        )
        self.source_requests = Counter(
            "billtrail_source_requests", "Requests of vendors: taken, or why not", ["source", "outcome"],
            registry=registry,
        )  # fmt: skip
        self.load_failures = Counter(
            "billtrail_load_failures", "Segments the store refused for now", ["stream"], registry=registry
        )
        self.load_seconds = Histogram(
            "billtrail_load_seconds", "From closed segment to rows", ["stream"], registry=registry, buckets=_SECONDS
        )

    def count_messages(self, source: str, events: int, ignored: int, rejected: int) -> None:
        """Count what messages of a source became. Senders choose the names, so only so many get a label."""
        if source not in self._sources and len(self._sources) >= _LABELLED:
            source = "other"
        self._sources.add(source)
        for outcome, count in (("events", events), ("ignored", ignored), ("rejected", rejected)):
            self.source_messages.labels(source, outcome).inc(count)

    def count_request(self, door: str, outcome: str, size: int, seconds: float) -> None:
        """Count what came of one request at a door. `size` in bytes, decompressed."""
        requests, accepted_bytes, duration = self._of_door.get((door, outcome)) or self._name_door(door, outcome)
        requests.inc()
        accepted_bytes.inc(size)
        duration.observe(seconds)

    def count_ignored(self, door: str, count: int) -> None:
        """Count the log records that came in at a door and are no business events."""
        if count:
            self.ignored_records.labels(door).inc(count)

    def _name_door(self, door: str, outcome: str) -> tuple[Counter, Counter, Histogram]:
        named = self.requests.labels(door, outcome), self.request_bytes.labels(door), self.request_seconds.labels(door)
        # Kept, because looking labels up is a tenth of what a small request costs.
        self._of_door[door, outcome] = named
        return named

    def count_request_of(self, source: str, outcome: str) -> None:
        """Count a request of a vendor, by what was thought of it."""
        self.source_requests.labels(source, outcome).inc()

    def watch(self, journals: Iterable[Journal]) -> None:
        """Show how much of each journal waits for the store."""
        self.registry.register(_Backlog(list(journals)))

    def watch_connections(self, crowd: Crowd) -> None:
        """Show how many connections the HTTP port holds, and what came of those beyond the limit."""
        self.registry.register(_Connections(crowd))


class _Backlog(Collector):
    def __init__(self, journals: list[Journal]) -> None:
        self._journals = journals

    def collect(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily(
            "billtrail_journal_waiting_bytes", "Durable and not yet in tables", labels=["stream"]
        )
        repeated = CounterMetricFamily(
            "billtrail_journal_repeated_requests", "Acknowledged before, kept once", labels=["stream"]
        )
        failures = CounterMetricFamily(
            "billtrail_journal_failures", "Times the disk or folder refused", labels=["stream"]
        )
        for journal in self._journals:
            waiting.add_metric([journal.stream], journal.waiting_bytes)
            failures.add_metric([journal.stream], journal.failures)
            repeated.add_metric([journal.stream], journal.repeated)
        yield waiting
        yield repeated
        yield failures


class _Connections(Collector):
    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("billtrail_http_connections", "Connections of the doors", value=self._crowd.present)
        surplus = CounterMetricFamily(
            "billtrail_http_surplus_connections", "Beyond max_connections, by what came of them", labels=["outcome"]
        )
        surplus.add_metric(["idle_closed"], self._crowd.made_room)
        surplus.add_metric(["refused"], self._crowd.refused)
        yield surplus
