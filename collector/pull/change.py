"""Events of the Pub/Sub API as messages, in the shape the CometD interface gives them; and what they do not say.

A change of several records that were saved together is one message for each. Gap and overflow events carry no fields:
they are kept like the others and mark what has to be read again.
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from collector.pull.avro import HEADER
from collector.pull.gaps import Gap, GapReason

_NO_RECORD = "000000000000000"


def write_messages(topic: str, event_id: str, replay_id: bytes, payload: dict[str, Any]) -> Iterator[bytes]:
    """Write an event as one message, or one for each of its records."""
    envelope = {"channel": topic, "event": {"EventUuid": event_id, "replayId": base64.b64encode(replay_id).decode()}}
    header = payload.get(HEADER)
    records = header.get("recordIds") if isinstance(header, dict) else None
    if not isinstance(records, list) or len(records) < 2:
        yield _write(envelope | {"payload": payload})
        return
    for record in records:
        yield _write(envelope | {"payload": {**payload, HEADER: {**payload[HEADER], "recordIds": [record]}}})


def write_undecoded(topic: str, event_id: str, payload: bytes, schema_id: str, reason: str) -> bytes:
    """Keep an event nobody could read: it becomes a dead letter, with its bytes."""
    raw = {"schemaId": schema_id, "reason": reason, "avro": base64.b64encode(payload).decode()}
    return _write({"channel": topic, "event": {"EventUuid": event_id}, "undecoded": raw})


def find_gaps(stream: str, payload: dict[str, Any]) -> Iterator[Gap]:
    """Yield what a gap or overflow event says was not told."""
    header = payload.get(HEADER)
    kind = str(header.get("changeType", "")) if isinstance(header, dict) else ""
    if not isinstance(header, dict) or not kind.startswith("GAP_"):
        return
    entity, proof = header.get("entityName", ""), f"{header.get('transactionKey')}-{header.get('sequenceNumber')}"
    at = datetime.fromtimestamp(int(header.get("commitTimestamp") or 0) / 1000, UTC)
    for record in header.get("recordIds") or [_NO_RECORD]:
        is_one = kind != "GAP_OVERFLOW" and not record.startswith(_NO_RECORD) and "*" not in record
        reason = GapReason.RECORD if is_one else GapReason.OVERFLOW
        name = f"{entity}/{record}" if is_one else entity
        yield Gap(stream, reason, name, since=at, until=at, detail=kind, proof=proof)


def write_reread(entity: str, record: str, kind: str, fields: dict[str, Any], proof: str) -> bytes:
    """Write a record that was read again as the change it stands for: every field that has a value changed."""
    told = {name: value for name, value in fields.items() if name != "attributes"}
    moment = _read_moment(told.get("LastModifiedDate")) or _read_moment(told.get("SystemModstamp"))
    header = {
        "entityName": entity, "recordIds": [record], "changeType": "CREATE" if kind == "GAP_CREATE" else "UPDATE",
        "transactionKey": f"read-again-{proof}", "sequenceNumber": 1,
        "commitTimestamp": int((moment or datetime.now(UTC)).timestamp() * 1000),
        "changedFields": [name for name, value in told.items() if value is not None],
    }  # fmt: skip
    return _write({"payload": {HEADER: header, **told}})


def _read_moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _write(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
