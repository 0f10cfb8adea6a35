"""Avro payloads of the Pub/Sub API as JSON, with the names of what changed instead of bitmaps.

A bitmap is a number in hex whose bit n stands for field n of the schema, from the lowest bit; `4-0x01` is one of the
record that is field 4 (Pub/Sub API guide, "Event Deserialization Considerations"). What the schema does not explain is
left as it is: the mapping knows it for undecoded.
"""

import base64
import io
import json
import math
import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import fastavro

from billtrail.errors import PayloadError

HEADER = "ChangeEventHeader"
_BITMAPS = ("changedFields", "nulledFields", "diffFields")
_BITMAP = re.compile(r"(?:(\d+)-)?0x([0-9a-fA-F]+)")
_CACHED = 500


class Schema:
    """One schema as the vendor told it."""

    def __init__(self, text: str) -> None:
        try:
            self._told: dict[str, Any] = json.loads(text)
            self._parsed = fastavro.parse_schema(self._told)
        except (ValueError, TypeError, KeyError, AttributeError, fastavro.schema.SchemaParseException) as error:
            raise PayloadError(f"the schema is no Avro schema: {type(error).__name__}: {error}") from error

    def decode(self, payload: bytes) -> dict[str, Any]:
        """Decode a payload. Raises PayloadError."""
        try:
            record = _plain(fastavro.schemaless_reader(io.BytesIO(payload), self._parsed, None))
        except Exception as error:  # The library raises whatever its C code stumbles over.
            raise PayloadError(f"the payload does not fit its schema: {type(error).__name__}: {error}") from error
        if not isinstance(record, dict):
            raise PayloadError("the payload is no record")
        if isinstance(header := record.get(HEADER), dict):
            for name in _BITMAPS:
                if isinstance(bitmaps := header.get(name), list):
                    header[name] = [field for bitmap in bitmaps for field in self.name_fields(str(bitmap))]
        return record

    def name_fields(self, bitmap: str) -> list[str]:
        """Name the fields of a bitmap; what is none, or has a bit too many, stays as it is."""
        match = _BITMAP.fullmatch(bitmap)
        if not match:
            return [bitmap]
        names, prefix = _field_names(self._told), ""
        if match.group(1):
            place = int(match.group(1))
            if place >= len(names):
                return [bitmap]
            prefix = names[place] + "."
            names = _field_names(_find_record(self._told["fields"][place]["type"]))
        bits = int(match.group(2), 16)
        if bits.bit_length() > len(names):
            return [bitmap]
        return [prefix + name for place, name in enumerate(names) if bits >> place & 1]


class Schemas:
    """The schemas met so far, by their ids, which are hashes of them. For one thread."""

    def __init__(self, fetch: Callable[[str], str]) -> None:
        self._fetch = fetch
        self._known: OrderedDict[str, Schema] = OrderedDict()

    def get(self, schema_id: str) -> Schema:
        """Answer a schema, asking for it once. Raises PayloadError, and whatever the asking raises."""
        if schema_id not in self._known:
            self._known[schema_id] = Schema(self._fetch(schema_id))
            if len(self._known) > _CACHED:
                self._known.popitem(last=False)
        return self._known[schema_id]


def _field_names(schema: Any) -> list[str]:
    return [field["name"] for field in schema.get("fields", ())] if isinstance(schema, dict) else []


def _find_record(kind: Any) -> Any:
    options = kind if isinstance(kind, list) else [kind]
    return next((one for one in options if isinstance(one, dict) and one.get("type") == "record"), None)


def _plain(value: Any) -> Any:
    """Make a decoded value one that JSON can hold."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, str | int):
        return value
    return next((write(value) for kind, write in _WRITERS if isinstance(value, kind)), str(value))


_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (float, lambda value: value if math.isfinite(value) else None),
    (bytes, lambda value: base64.b64encode(value).decode()),
    (datetime, lambda value: int(value.timestamp() * 1000)),
)
