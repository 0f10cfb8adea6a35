"""OTLP/HTTP: `POST /v1/traces` and `/v1/logs`, protobuf or JSON, plain or gzip.

The answer is in the encoding of the request. 200 means durable; `partial_success` tells what of it cannot be used.
"""

from google.protobuf import json_format
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.receive.body import read_body
from collector.receive.doorway import Doorway
from collector.receive.otlp_signal import LOGS, TRACES, Signal
from collector.receive.problem import JSON_TYPE, PROTOBUF_TYPE, read_media_type, status_response
from collector.receive.refusal import Refusal

DOOR = "otlp_http"
OTLP_PATHS = frozenset({TRACES.path, LOGS.path})
_ALL_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


def build_otlp_routes(doorway: Doorway) -> list[Route]:
    """Build the doors of OTLP/HTTP. They answer every method, so that each refusal speaks OTLP."""
    return [Route(one.path, OtlpHttpDoor(doorway, one).receive, methods=_ALL_METHODS) for one in (TRACES, LOGS)]


class OtlpHttpDoor:
    """The door for one signal."""

    def __init__(self, doorway: Doorway, signal: Signal) -> None:
        self._doorway = doorway
        self._signal = signal

    async def receive(self, request: Request) -> Response:
        """Take one Export…ServiceRequest."""
        media_type = read_media_type(request.headers)
        is_json = media_type == JSON_TYPE
        with self._doorway.measure(DOOR) as visit:
            try:
                if request.method != "POST":
                    raise Refusal(405, f"{request.method} is not understood here", hint="use POST")
                source = self._doorway.admit(request, self._signal.scope)
                if media_type not in (JSON_TYPE, PROTOBUF_TYPE):
                    raise Refusal(
                        415,
                        f"content type {media_type!r} is not understood",
                        where="content-type",
                        hint=f"send {PROTOBUF_TYPE} or {JSON_TYPE}",
                    )
                body = await read_body(request, self._doorway.settings, visit.hold)
                taken = await self._signal.take_soon(body, is_json, self._doorway.settings, visit.hold)
                await self._doorway.keep(taken, source, DOOR)
            except Refusal as refusal:
                return visit.refuse(refusal, status_response(refusal, media_type))
            visit.accept(len(body))
        if is_json:
            return Response(json_format.MessageToJson(taken.answer, indent=None), media_type=JSON_TYPE)
        return Response(taken.answer.SerializeToString(), media_type=PROTOBUF_TYPE)
