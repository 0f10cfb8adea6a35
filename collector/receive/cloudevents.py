"""CloudEvents 1.0 over HTTP, read: structured, binary and batch (HTTP protocol binding, section 3).

Each event is checked and its bytes are kept as they came, but for two: an event in binary mode is written as the
structured JSON it stands for, and `data_base64` that is said to be JSON becomes `data`. Data that is JSON is put there
as it came; text and XML in a character set that is known here become a text; all else becomes `data_base64`.

A batch is taken wholly or not at all: one bad event refuses it, and the answer names its place. Ordinary events are
recognised in C (`event_shape.py`); only what is not ordinary is looked at rule by rule.
"""

import base64
import contextlib
import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from billtrail.errors import PayloadError
from collector.receive.event_check import check_event
from collector.receive.event_shape import is_ordinary, split_ordinary
from collector.receive.problem import read_media_type
from collector.receive.refusal import Refusal, malformed, too_large

_BATCH, _STRUCTURED = "application/cloudevents-batch", "application/cloudevents"
_JSON_FORMATS = ("", "+json")
_NO_HEADERS = ("datacontenttype", "data", "data_base64")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_DECLARED = re.compile(r"<\?xml[^>]*\sencoding\s*=\s*[\"']([\w.-]+)", re.ASCII)
# Character sets that senders of business records use. Not all that Python knows: some cost more than they are worth.
_CODECS = {
    "utf-8": "utf-8-sig", "us-ascii": "ascii", "iso-8859-1": "latin-1", "iso-8859-15": "iso8859-15",
    "windows-1252": "cp1252", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_SPACE = re.compile(r"[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_END = re.compile(r"[ \t\n\r]*\][ \t\n\r]*\Z")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def read_events(headers: dict[str, str], body: bytes, limit: int) -> list[bytes]:
    """Answer the events of a request, each as structured JSON. `headers` have lower-case names. Raises Refusal."""
    media_type = read_media_type(headers)
    for prefix, read in ((_BATCH, _read_batch), (_STRUCTURED, _read_structured)):
        if media_type.startswith(prefix):
            if media_type.removeprefix(prefix) not in _JSON_FORMATS:
                raise Refusal(
                    415,
                    f"event format {media_type!r} is not understood",
                    where="content-type",
                    hint=f"use {prefix}+json",
                )
            return read(body, limit)
    return [_read_binary(headers, media_type, body)]


def is_batch(headers: dict[str, str]) -> bool:
    """Tell whether a request says that it holds several events."""
    return read_media_type(headers).startswith(_BATCH)


def _read_structured(body: bytes, limit: int) -> list[bytes]:
    if is_ordinary(body):
        return [body]
    text = _decode(body)
    event = _parse(text, "the body", "")
    _check(event, "")
    return [_settle(event, text)]


def _read_batch(body: bytes, limit: int) -> list[bytes]:
    """Split a batch without re-writing its events: what was sent is what is kept."""
    ordinary = split_ordinary(body, limit)
    return read_closely(body, limit) if ordinary is None else ordinary


def read_closely(body: bytes, limit: int) -> list[bytes]:
    """Read a batch rule by rule. Raises Refusal that names the place of the first fault."""
    text = _decode(body)
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
        bodies.append(_settle(event, text[at:end], where))
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
    for name in _NO_HEADERS:
        if name in event:
            raise malformed(f"ce-{name}: no attribute; the body and its content-type say it", f"ce-{name}")
    if media_type:
        event["datacontenttype"] = headers["content-type"]
    if not body:
        _check(event, "")
        return json.dumps(event).encode()
    name, value, kept = _read_data(media_type, headers.get("content-type", ""), body)
    _check({**event, name: value}, "")
    return _write(event, name, kept)


def _read_data(media_type: str, told: str, body: bytes) -> tuple[str, Any, str]:
    """Answer the member that holds the data, its value and its JSON: of JSON what came, not what was understood."""
    if _is_json(media_type):
        text = _decode(body)
        return "data", _parse(text, "data", "data"), text
    if not media_type and (read := _find_json(body)):
        return "data", *read
    if media_type.startswith("text/") or media_type.endswith(("/xml", "+xml")):
        charset = _CHARSET.search(told) or _DECLARED.match(body[:200].decode("latin-1"))
        if codec := _CODECS.get(charset[1].lower() if charset else "utf-8"):
            with contextlib.suppress(UnicodeDecodeError):
                text = body.decode(codec)
                return "data", text, json.dumps(text, ensure_ascii=False)
    packed = base64.b64encode(body).decode()
    return "data_base64", packed, json.dumps(packed)


def _find_json(body: bytes) -> tuple[Any, str] | None:
    """Read what may be JSON, since nobody says what it is."""
    try:
        text = _decode(body)
        return _parse(text, "data", "data"), text
    except Refusal:
        return None


def _settle(event: dict[str, Any], text: str, where: str = "") -> bytes:
    """Answer the bytes that are kept. Without a content type nothing is assumed of `data_base64` (JSON format, 3.1)."""
    media_type = read_media_type({"content-type": event.get("datacontenttype") or ""})
    if event.get("data_base64") is None or not _is_json(media_type):
        return text.encode()
    place = f"{where}.data_base64" if where else "data_base64"
    told = {key: value for key, value in event.items() if key != "data_base64"}
    data = _decode(base64.b64decode(event["data_base64"]))
    _check({**told, "data": _parse(data, place, place)}, where)
    return _write(told, "data", data)


def _is_json(media_type: str) -> bool:
    return media_type.endswith(("/json", "+json"))


def _parse(text: str, what: str, where: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise malformed(f"{what}: not JSON: {error}", where) from error


def _write(event: dict[str, Any], name: str, value: str) -> bytes:
    """Write an event and its data, which is JSON already. Raises Refusal."""
    try:
        text = json.dumps(event, allow_nan=False)
    except ValueError as error:
        raise malformed(f"a number no attribute can have: {error}") from error
    return f'{text[:-1]}, "{name}": {value}}}'.encode()


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
