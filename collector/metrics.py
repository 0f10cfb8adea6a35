"""What the collector counts about itself, on the registry it is handed."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from collector.journal import Journal

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LABELLED = 200


class CollectorMetrics:
    """Counters and histograms of doors and loaders."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
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
        self.loaded_records = Counter(
            "billtrail_loaded_records", "Records loaded into tables", ["stream", "kind"], registry=registry
        )
        self.source_messages = Counter(
            "billtrail_source_messages", "What messages of each source became", ["source", "outcome"], registry=registry
        )
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

    def watch(self, journals: Iterable[Journal]) -> None:
        """Show how much of each journal waits for the store."""
        self.registry.register(_Backlog(list(journals)))


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
