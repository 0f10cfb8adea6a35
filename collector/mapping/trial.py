"""Runs payloads through a source with the real engine and says what each became: for `sources test` and golden files.

Nothing is kept: the bodies lie in a temporary table of the session, under a time of reception that is given.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from billtrail.store import Store
from collector.mapping.compile import DOORS, compile_source
from collector.mapping.payloads import find_answer
from collector.mapping.source import Source

RECEIVED_AT = datetime(2026, 1, 1, tzinfo=UTC)
_TABLE = "trial_events"
_EVERYTHING = {"segment": 1, "first": 0, "last": 2**64 - 1, "first_arrival": 0, "mends": 1}
_SUFFIXES = (".json", ".xml", ".txt")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one message became: `event`, `ignored` or `refused`. Shape of `event`: the data of a CloudEvent, flat."""

    file: str
    outcome: str
    event: dict[str, Any]
    reason: str = ""
    detail: str = ""

    def as_row(self) -> dict[str, str]:
        """A row for a table."""
        told, objects = self.event, [_write_object(one) for one in self.event.get("objects", ())]
        return {
            "file": self.file,
            "became": told.get("type", "") or self.outcome,
            "time": told.get("time", ""),
            "objects": ", ".join(objects),
            "amount": f"{told['amount']} {told.get('currency', '')}".strip() if "amount" in told else "",
            "detail": f"{self.reason}: {self.detail}" if self.reason else "",
        }

    def as_json(self) -> dict[str, Any]:
        """The whole, for a file or a pipe."""
        refused = {"reason": self.reason, "detail": self.detail} if self.reason else {}
        return {"file": self.file, "outcome": self.outcome, **refused, **({"event": self.event} if self.event else {})}


def try_folder(store: Store, source: Source, folder: Path) -> list[Outcome]:
    """Run every payload file of a folder through a source. Raises StoreError when the engine refuses."""
    files = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES)
    return try_bodies(store, source, [(path.name, path.read_text(encoding="utf-8")) for path in files])


def try_bodies(store: Store, source: Source, bodies: Sequence[tuple[str, str]]) -> list[Outcome]:
    """Run named bodies through a source; at least one outcome each, in order."""
    rows = [
        {"source": source.name, "door": DOORS[0], "record": "event", "received_at": RECEIVED_AT, "segment": 1,
         "frame": number, "item": 0, "body": body}
        for number, (_, body) in enumerate(bodies)
    ]  # fmt: skip
    store.command(f"CREATE TEMPORARY TABLE {_TABLE} AS raw_events ENGINE = Memory")
    try:
        store.insert(_TABLE, rows)
        mapped = store.query(compile_source(source, _TABLE).select, _EVERYTHING)
    finally:
        store.command(f"DROP TEMPORARY TABLE {_TABLE}")
    return [outcome for number, (name, _) in enumerate(bodies) for outcome in _find_outcomes(name, number, mapped)]


def find_surprises(outcomes: Sequence[Outcome], files: Sequence[Path]) -> list[str]:
    """Say which files do not become what their samples say, and which without a sample are refused."""
    said = []
    for file in files:
        own = [outcome for outcome in outcomes if outcome.file.partition(" [")[0] == file.name]
        answer = find_answer(file)
        if answer and json.loads(write_json(own)) != json.loads(answer.read_text(encoding="utf-8")):
            said.append(f"{file.name} does not become what {answer.name} says")
        elif not answer and any(outcome.outcome == "refused" for outcome in own):
            said.append(f"{file.name} is refused")
    return said


def _find_outcomes(name: str, frame: int, mapped: Sequence[dict[str, Any]]) -> Iterator[Outcome]:
    own = [row for row in mapped if row["frame"] == frame]
    for row in own:
        if row["reason"] == "ignored":
            yield Outcome(name, "ignored", {})
        elif row["reason"]:
            yield Outcome(name, "refused", {}, row["reason"], row["detail"])
        else:
            yield Outcome(name, "event", _write_event(row))
    if not own:
        yield Outcome(name, "ignored", {})


def _write_event(row: dict[str, Any]) -> dict[str, Any]:
    """Write a mapped row the way a CloudEvent says it, without what is empty."""
    event: dict[str, Any] = {
        "type": row["event_type"],
        "id": row["event_id"],
        "source": row["source"],
        "system": row["system"],
    }
    event["time"] = row["occurred_at"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    names = ("type", "system", "id", "qualifier")
    event["objects"] = [
        {key: value for key, value in zip(names, _values(one), strict=True) if value} for one in row["objects"]
    ]
    event["relations"] = [dict(zip(("from", "to", "qualifier"), _values(link), strict=True)) for link in row["links"]]
    event["lines"] = [{"object": key, "amount": str(amount)} for key, amount in map(_values, row["lines"])]
    event["amount"] = str(row["amount"]) if row["amount"] else ""
    for name in ("currency", "client", "region", "legal_entity", "billing_model", "owner", "error_category",
                 "correlation_id", "trace_id", "sequence", "attributes"):  # fmt: skip
        event[name] = row[name]
    event["outcome"] = row["outcome"] if row["outcome"] != "success" else ""
    event["withdraws"] = row["withdrawn_id"]
    return {name: value for name, value in event.items() if value or name == "objects"}


def _values(one: Any) -> tuple[Any, ...]:
    return tuple(one.values()) if isinstance(one, dict) else tuple(one)


def _write_object(one: dict[str, str]) -> str:
    qualifier = one.get("qualifier", "")
    return f"{one['system']}:{one['type']}:{one['id']}" + (
        f" ({qualifier})" if qualifier not in ("", "subject") else ""
    )


def write_json(outcomes: Sequence[Outcome]) -> str:
    """Write outcomes as JSON, the same every time."""
    return json.dumps([outcome.as_json() for outcome in outcomes], ensure_ascii=False, indent=2) + "\n"
