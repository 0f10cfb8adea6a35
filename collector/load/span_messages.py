"""Spans that are messages of a source: found in a segment of traces and put into the journal of events like all others.

For middleware that only emits spans. It is opt-in, by `spans = true` of a source in the settings, since it is another
pass over every segment. A segment that is loaded again gives the same messages again; they are dropped by their ids.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from billtrail.errors import PayloadError, SettingsError
from billtrail.store import Segment, Store
from collector.journal import Frame
from collector.journal.frame import encode_frame
from collector.load.render import RenderedValues
from collector.load.schema import spans_segment
from collector.mapping import Catalogue
from collector.mapping.pull import SpanRule
from collector.receive.otlp_json import read_otlp_json
from collector.receive.refusal import Refusal
from collector.source_settings import SourceSettings
from collector.webhook.intake import SourceDoor, SourceIntake

ROOM = "collector"


@dataclass(frozen=True, slots=True)
class SpanMessages:
    """The rules of the sources that are switched on. `intake` leads to the journal of events."""

    rules: Mapping[str, SpanRule]
    intake: SourceIntake

    @classmethod
    def of(cls, told: Mapping[str, SourceSettings], catalogue: Catalogue, intake: SourceIntake) -> "SpanMessages":
        """Choose the rules. Raises SettingsError where a source has none."""
        rules: dict[str, SpanRule] = {}
        for name in (name for name, said in told.items() if said.spans):
            rule = catalogue.get(name).spans
            if rule is None:
                raise SettingsError(
                    f"collector.sources.{name}.spans: the source does not say which spans are its messages",
                    hint="see `spans` in collector/sources/README.md",
                )
            rules[name] = rule
        return cls(rules, intake)

    def keep(self, store: Store, segment: Segment) -> int:
        """Keep what a segment holds for any source; answer how many. Durable when this returns. Raises StoreError."""
        kept = 0
        for source, rule in self.rules.items():
            bodies = find_messages(store, segment, rule)
            if bodies:
                self.intake.keep(source, SourceDoor.SPAN, bodies)
            kept += len(bodies)
        return kept


def find_messages(store: Store, segment: Segment, rule: SpanRule) -> list[bytes]:
    """Find the spans of a segment whose values are rendered, where they are messages, as JSON. Raises StoreError."""
    store.run(ROOM, "create_span_messages")
    params = {"having": list(rule.having), "failed": list(rule.failed)}
    store.load(ROOM, "find_span_messages", segment, params, token="")
    return [row["body"].encode() for row in store.rows(ROOM, "read_span_messages")]


def read_request(store: Store, body: bytes, rule: SpanRule) -> list[bytes]:
    """Find the messages in one OTLP request in JSON, without keeping anything. Raises PayloadError."""
    request = ExportTraceServiceRequest()
    try:
        read_otlp_json(body, request)
    except Refusal as refusal:
        raise PayloadError(str(refusal)) from refusal
    with tempfile.NamedTemporaryFile(prefix="billtrail-", suffix=".seg") as file:
        for part in encode_frame(Frame(request.SerializeToString(), "", "", 0, "span"), 0):
            file.write(part)
        file.flush()
        segment, rendered = spans_segment(Path(file.name)), RenderedValues(store)
        rendered.prepare()
        rendered.learn(segment)
        return find_messages(store, segment, rule)
