"""A Pub/Sub API on a real gRPC port: events in Avro, flow control as the vendor describes it, and its moods.

It checks what the vendor checks: the token, that no more is sent than was asked for, positions it has given out.
"""

import io
import json
import queue
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import fastavro
import grpc

from collector.pull.pubsub_messages import (
    CUSTOM,
    EARLIEST,
    ConsumerEvent,
    FetchRequest,
    FetchResponse,
    ProducerEvent,
    SchemaInfo,
    SchemaRequest,
)

SERVICE = "eventbus.v1.PubSub"
REPLAY_ERROR = "sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted"


def optional(kind: Any) -> list[Any]:
    return ["null", kind]


ADDRESS = {"type": "record", "name": "Address", "fields": [
    {"name": "Street", "type": optional("string"), "default": None},
    {"name": "City", "type": optional("string"), "default": None},
]}  # fmt: skip
HEADER = {"type": "record", "name": "ChangeEventHeader", "fields": [
    {"name": "entityName", "type": "string"},
    {"name": "recordIds", "type": {"type": "array", "items": "string"}},
    {"name": "changeType", "type": {"type": "enum", "name": "ChangeType", "symbols": [
        "CREATE", "UPDATE", "DELETE", "UNDELETE", "GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE",
        "GAP_OVERFLOW", "SNAPSHOT"]}},
    {"name": "transactionKey", "type": "string"},
    {"name": "sequenceNumber", "type": "int"},
    {"name": "commitTimestamp", "type": "long"},
    {"name": "changedFields", "type": {"type": "array", "items": "string"}},
]}  # fmt: skip
# Field 0 is the header, so that Status is bit 1 and 4-0x02 is BillingAddress.City.
CONTRACT = {"type": "record", "name": "ContractChangeEvent", "namespace": "com.sforce.eventbus", "fields": [
    {"name": "ChangeEventHeader", "type": HEADER},
    {"name": "Status", "type": optional("string"), "default": None},
    {"name": "AccountId", "type": optional("string"), "default": None},
    {"name": "Contract_Value__c", "type": optional("double"), "default": None},
    {"name": "BillingAddress", "type": optional(ADDRESS), "default": None},
    {"name": "Opportunity__c", "type": optional("string"), "default": None},
]}  # fmt: skip


def make_change(record: str, *bitmaps: str, number: int = 1, **fields: Any) -> dict[str, Any]:
    """Build the payload of a change; `kind` and `entity` say what of what."""
    kind, entity = fields.pop("kind", "UPDATE"), fields.pop("entity", "Contract")
    header = {
        "entityName": entity, "recordIds": record.split(","), "changeType": kind, "transactionKey": "tx-1",
        "sequenceNumber": number, "commitTimestamp": 1_772_445_600_000, "changedFields": list(bitmaps),
    }  # fmt: skip
    return {"ChangeEventHeader": header, **fields}


def encode(payload: dict[str, Any], schema: dict[str, Any] = CONTRACT) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(json.loads(json.dumps(schema))), payload)
    return out.getvalue()


@dataclass
class Api:
    """`events` are those of the one topic, oldest first: event id and payload. Positions are their places."""

    address: str = ""
    token: str = "token-1"
    schemas: dict[str, str] = field(default_factory=lambda: {"contract": json.dumps(CONTRACT)})
    events: list[tuple[str, str, bytes]] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    schemas_asked: list[str] = field(default_factory=list)
    metadata: list[dict[str, str]] = field(default_factory=list)
    batch: int = 2
    forgotten: set[bytes] = field(default_factory=set)
    keepalive: bytes = b""
    breaks_after: int = 0
    """Ends the stream with UNAVAILABLE after so many events; 0 is never."""
    stays: bool = False
    """Whether a stream with nothing more to say goes on, as the vendor's does; else it ends, and so does the test."""
    is_silent: threading.Event = field(default_factory=threading.Event)

    def add(self, event_id: str, payload: dict[str, Any]) -> None:
        self.events.append((event_id, "contract", encode(payload)))

    def get_schema(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.schemas_asked.append(request.schema_id)
        if request.schema_id not in self.schemas:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no such schema")
        return SchemaInfo(schema_json=self.schemas[request.schema_id], schema_id=request.schema_id)

    def subscribe(self, requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        self._admit(context)
        wanted: queue.SimpleQueue[int] = queue.SimpleQueue()
        first = next(requests)
        self.asked.append(first)
        at = self._find_start(first, context)
        context.add_callback(lambda: wanted.put(-1))
        threading.Thread(target=self._note, args=(requests, wanted), daemon=True).start()
        room, sent = first.num_requested, 0
        while True:
            while not room:
                more = wanted.get()
                if more < 0:
                    return
                room += more
            batch = self.events[at : at + min(self.batch, room)]
            if not batch:
                if self.keepalive:
                    yield FetchResponse(latest_replay_id=self.keepalive, pending_num_requested=room)
                self.is_silent.set()
                while self.stays and wanted.get() >= 0:
                    pass
                return
            at, room, sent = at + len(batch), room - len(batch), sent + len(batch)
            yield FetchResponse(
                events=[self._make(event, at - len(batch) + n) for n, event in enumerate(batch)],
                pending_num_requested=room,
            )
            if self.breaks_after and sent >= self.breaks_after:
                context.abort(grpc.StatusCode.UNAVAILABLE, "RST_STREAM")

    def _note(self, requests: Iterator[Any], wanted: "queue.SimpleQueue[int]") -> None:
        try:
            for request in requests:
                self.asked.append(request)
                wanted.put(request.num_requested)
        except Exception:
            pass
        wanted.put(-1)

    def _admit(self, context: grpc.ServicerContext) -> None:
        shown = dict(context.invocation_metadata())
        self.metadata.append({name: shown.get(name, "") for name in ("accesstoken", "instanceurl", "tenantid")})
        if shown.get("accesstoken") != self.token:
            self._abort(context, grpc.StatusCode.UNAUTHENTICATED, "sfdc.platform.eventbus.grpc.service.auth.error")

    def _find_start(self, first: Any, context: grpc.ServicerContext) -> int:
        if first.replay_preset == CUSTOM:
            if first.replay_id in self.forgotten or not first.replay_id.startswith(b"\x00\xff"):
                self._abort(context, grpc.StatusCode.INVALID_ARGUMENT, REPLAY_ERROR)
            return int(first.replay_id[2:]) + 1
        return 0 if first.replay_preset == EARLIEST else len(self.events)

    def _abort(self, context: grpc.ServicerContext, code: grpc.StatusCode, told: str) -> None:
        context.set_trailing_metadata((("error-code", told),))
        context.abort(code, "refused")

    def _make(self, event: tuple[str, str, bytes], place: int) -> Any:
        event_id, schema_id, payload = event
        produced = ProducerEvent(id=event_id, schema_id=schema_id, payload=payload)
        return ConsumerEvent(event=produced, replay_id=position(place))


def position(place: int) -> bytes:
    """A position is bytes, and no text."""
    return b"\x00\xff" + str(place).encode()


@contextmanager
def running_api() -> Iterator[Api]:
    api = Api()
    with ThreadPoolExecutor(8) as pool:
        server = grpc.server(pool)
        handlers = {
            "Subscribe": grpc.stream_stream_rpc_method_handler(
                api.subscribe, FetchRequest.FromString, FetchResponse.SerializeToString
            ),
            "GetSchema": grpc.unary_unary_rpc_method_handler(
                api.get_schema, SchemaRequest.FromString, SchemaInfo.SerializeToString
            ),
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
        api.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        try:
            yield api
        finally:
            server.stop(grace=None).wait(10)
