"""OTLP/HTTP: `POST /v1/traces`, protobuf or JSON, plain or gzip.

A protobuf body is parsed once by the protobuf library's C parser, to know that the engine will be able to read it, and
then journaled as it came. JSON is turned into protobuf here, so that everything behind the door is one format.
"""

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from starlette.requests import Request
from starlette.responses import Response

from collector.receive.body import read_body
from collector.receive.doorway import Doorway
from collector.receive.otlp_json import read_otlp_json
from collector.receive.problem import JSON_TYPE, PROTOBUF_TYPE, status_response
from collector.receive.refusal import Refusal, malformed

DOOR = "otlp_http"
_ACCEPTED = ExportTraceServiceResponse().SerializeToString()


class OtlpHttpDoor:
    """The door for traces."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway

    async def receive_traces(self, request: Request) -> Response:
        """Take one ExportTraceServiceRequest; 200 means durable."""
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        with self._doorway.measure(DOOR) as visit:
            try:
                source = self._doorway.admit(request)
                payload, count = await self._read(request, media_type)
                if count:
                    await self._doorway.keep_spans(payload, source, DOOR, count)
            except Refusal as refusal:
                return visit.refuse(refusal, status_response(refusal, media_type))
            visit.accept(len(payload))
        if media_type == JSON_TYPE:
            return Response(b"{}", media_type=JSON_TYPE)
        return Response(_ACCEPTED, media_type=PROTOBUF_TYPE)

    async def _read(self, request: Request, media_type: str) -> tuple[bytes, int]:
        if media_type not in (JSON_TYPE, PROTOBUF_TYPE):
            raise Refusal(
                415,
                f"content type {media_type!r} is not understood",
                where="content-type",
                hint=f"send {PROTOBUF_TYPE} or {JSON_TYPE}",
            )
        body = await read_body(request, self._doorway.settings)
        if media_type == JSON_TYPE:
            message = ExportTraceServiceRequest()
            read_otlp_json(body, message)
            return message.SerializeToString(), count_spans(message)
        return body, count_spans(parse_protobuf(body))


def parse_protobuf(body: bytes) -> ExportTraceServiceRequest:
    """See that a body is an ExportTraceServiceRequest. Raises Refusal."""
    try:
        return ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise malformed(f"the body is no ExportTraceServiceRequest: {error}") from error


def count_spans(message: ExportTraceServiceRequest) -> int:
    """Count the spans of a request; empty envelopes hold none."""
    return sum(len(scoped.spans) for resourced in message.resource_spans for scoped in resourced.scope_spans)
