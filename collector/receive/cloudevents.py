"""CloudEvents 1.0 over HTTP: `POST /v1/events`, structured, binary and batch (HTTP protocol binding, section 3).

Each event is checked and its bytes journaled as they came; an event in binary mode is written as the structured JSON it
stands for. A batch is taken wholly or not at all: one bad event refuses it, and the answer names its place.
"""

import base64
import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import Response

from billtrail.errors import PayloadError
from collector.receive.body import read_body
from collector.receive.doorway import Doorway
from collector.receive.event_check import check_event
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, malformed, too_large

DOOR = "cloudevents"
_BATCH, _STRUCTURED = "application/cloudevents-batch", "application/cloudevents"
_JSON_FORMATS = ("", "+json")
_SPACE = re.compile(r"[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_END = re.compile(r"[ \t\n\r]*\][ \t\n\r]*\Z")
_DECODER = json.JSONDecoder()


class CloudEventsDoor:
    """The door for business events."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway

    async def receive_events(self, request: Request) -> Response:
        """Take one event or a batch; 204 means durable."""
        with self._doorway.measure(DOOR) as visit:
            try:
                source = self._doorway.admit(request)
                body = await read_body(request, self._doorway.settings)
                bodies = read_events(dict(request.headers), body, self._doorway.settings.max_batch_events)
                if bodies:
                    await self._doorway.keep_events(bodies, source, DOOR)
            except Refusal as refusal:
                return visit.refuse(refusal, problem_response(refusal))
            visit.accept(len(body))
        return Response(status_code=204)


def read_events(headers: dict[str, str], body: bytes, limit: int) -> list[bytes]:
    """Answer the events of a request, each as structured JSON. `headers` have lower-case names. Raises Refusal."""
    media_type = headers.get("content-type", "").split(";")[0].strip().lower()
    for prefix, read in ((_BATCH, _read_batch), (_STRUCTURED, _read_structured)):
        if media_type.startswith(prefix):
            if media_type.removeprefix(prefix) not in _JSON_FORMATS:
                raise Refusal(
                    415,
                    f"event format {media_type!r} is not understood",
                    where="content-type",
                    hint=f"use {prefix}+json",
                )
            return read(_decode(body), limit)
    return [_read_binary(headers, media_type, body)]


def _read_structured(text: str, limit: int) -> list[bytes]:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise malformed(f"the body is not JSON: {error}") from error
    _check(event, "")
    return [text.encode()]


def _read_batch(text: str, limit: int) -> list[bytes]:
    """Split a batch without re-writing its events: what was sent is what is kept."""
    at = _match(_SPACE, text, 0)
    if text[at : at + 1] != "[":
        raise malformed("expected a JSON array of events")
    at = _match(_SPACE, text, at + 1)
    bodies: list[bytes] = []
    if _END.match(text, at):
        return bodies
    while True:
        where = f"events[{len(bodies)}]"
        if len(bodies) == limit:
            raise too_large("the number of events in the batch", limit)
        try:
            event, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise malformed(f"{where}: not JSON: {error}", where) from error
        _check(event, where)
        bodies.append(text[at:end].encode())
        if _END.match(text, end):
            return bodies
        comma = _COMMA.match(text, end)
        if not comma:
            raise malformed(f"{where}: expected a comma or the end of the array behind it", where)
        at = comma.end()


def _read_binary(headers: dict[str, str], media_type: str, body: bytes) -> bytes:
    event: dict[str, Any] = {}
    for name, value in headers.items():
        if name.startswith("ce-"):
            event[name.removeprefix("ce-")] = decode_header(value, name)
    if not event:
        raise Refusal(
            415,
            f"content type {media_type!r} without ce-* headers is no CloudEvent",
            where="content-type",
            hint="send application/cloudevents+json, application/cloudevents-batch+json, or ce-* headers",
        )
    if "datacontenttype" in event:
        raise malformed("ce-datacontenttype: content-type says it already", "ce-datacontenttype")
    if media_type:
        event["datacontenttype"] = headers["content-type"]
    if body:
        event.update(_read_data(media_type, body))
    _check(event, "")
    return json.dumps(event, ensure_ascii=False).encode()


def _read_data(media_type: str, body: bytes) -> dict[str, Any]:
    if media_type in ("", "application/json", "text/json") or media_type.endswith("+json"):
        try:
            return {"data": json.loads(_decode(body))}
        except (ValueError, RecursionError) as error:
            raise malformed(f"data: not JSON: {error}", "data") from error
    if media_type.startswith("text/") or media_type.endswith(("/xml", "+xml")):
        return {"data": _decode(body)}
    return {"data_base64": base64.b64encode(body).decode()}


def decode_header(value: str, name: str) -> str:
    """Undo the quoting of older senders, then one round of percent-encoding. Raises Refusal on invalid UTF-8."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeDecodeError as error:
        raise malformed(f"{name}: not valid UTF-8", name) from error


def _check(event: Any, where: str) -> None:
    try:
        check_event(event, where)
    except PayloadError as error:
        raise Refusal(400, str(error), where=error.where) from error


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig" if body[:3] == b"\xef\xbb\xbf" else "utf-8")
    except UnicodeDecodeError as error:
        raise malformed(f"the body is not UTF-8: byte {error.start}") from error


def _match(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
