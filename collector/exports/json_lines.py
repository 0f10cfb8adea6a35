"""Writes canonical events as CloudEvents, one a line: what `POST /v1/events` and `billtrail import` take."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from billtrail.store import Row
from collector.exports.canonical import write_json
from collector.exports.logged import has_amount, write_instant, write_lines, write_relations
from collector.imports.convention import FIELDS, NO_PARENT_SPAN


def write_events(path: Path, rows: Iterable[Row]) -> int:
    """Write the events of `Canonical.events`. Answers how many. Raises OSError."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(f"{write_json(_write_event(row))}\n")
            count += 1
    return count


def _write_event(row: Row) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "id": row["event_id"],
        "source": row["source"],
        "type": row["event_type"],
        "time": write_instant(row["occurred_at"]),
        "datacontenttype": "application/json",
        "correlationid": row["correlation_id"],
        "traceparent": f"00-{row['trace_id']}-{NO_PARENT_SPAN}-01" if row["trace_id"] else "",
        "sequence": row["sequence"],
    }
    data = {
        "system": row["system"],
        "objects": [
            {"type": one[0], "system": one[1], "id": one[2], **({"qualifier": one[3]} if one[3] else {})}
            for one in row["objects"]
        ],
        "relations": write_relations(row["links"]),
        "lines": write_lines(row["lines"]),
        "amount": row["amount"] if has_amount(row["amount"]) else "",
        **{name: row[name] for name in FIELDS if row[name] != "success"},
        "attributes": dict(sorted(row["attributes"].items())),
    }
    told = {name: value for name, value in event.items() if value}
    return {**told, "data": {name: value for name, value in data.items() if value or name == "objects"}}
