"""What the pullers count about themselves, on the collector's registry."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class PullMetrics:
    """Counters of all streams of all sources."""

    def __init__(self, registry: CollectorRegistry) -> None:
        names = ["source", "stream"]
        self.requests = Counter(
            "billtrail_pull_requests", "Requests to vendors by outcome", [*names, "outcome"], registry=registry
        )
        self.messages = Counter("billtrail_pull_messages", "Messages kept from vendors", names, registry=registry)
        self.failing = Gauge(
            "billtrail_pull_failures_in_a_row", "Failed attempts since the last good one", names, registry=registry
        )
        self.last_good = Gauge(
            "billtrail_pull_last_good_timestamp_seconds", "When a stream was last read to its end", names,
            registry=registry,
        )  # fmt: skip
        self.gaps = Counter(
            "billtrail_source_gaps", "What a source may have said and nobody heard", ["source", "reason"],
            registry=registry,
        )  # fmt: skip
