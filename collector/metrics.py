"""What the collector counts about itself, on the registry it is handed."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from collector.journal import Journal

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class CollectorMetrics:
    """Counters and histograms of doors and loaders."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
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
        self.load_failures = Counter(
            "billtrail_load_failures", "Segments the store refused for now", ["stream"], registry=registry
        )
        self.load_seconds = Histogram(
            "billtrail_load_seconds", "From closed segment to rows", ["stream"], registry=registry, buckets=_SECONDS
        )

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
        for journal in self._journals:
            waiting.add_metric([journal.stream], journal.waiting_bytes)
            repeated.add_metric([journal.stream], journal.repeated)
        yield waiting
        yield repeated
