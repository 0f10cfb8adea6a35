"""The tabs of the trace page: promises, findings and alerts, failures, events, records; the newest or worst first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from billtrail.store import Row, Store
from dashboards import pieces, read
from dashboards.pieces import Markup
from dashboards.words import write_ago, write_hours, write_instant, write_money, write_name

MANY, MOST = 12, 100
TOLD_ATTRIBUTES = 12
LONGEST_VALUE = 300


def draw_clocks(clocks: list[Row], now: datetime) -> None:
    """The promises that are not kept, and the kept ones behind a switch when there are many."""
    if not clocks:
        pieces.put(pieces.quiet("No promise applies to this lifecycle yet."))
        return
    kept = sum(1 for clock in clocks if clock["state"] == "met")
    shown = clocks
    if len(clocks) > MANY and not st.toggle(f"Show the {kept:,} that were kept, too", key="kept"):
        shown = [clock for clock in clocks if clock["state"] != "met"]
    pieces.put(_clocks(shown[:MOST], now) if shown else pieces.quiet(f"All {kept:,} were kept."))
    if len(shown) > MOST:
        pieces.put(pieces.small(f"The first {MOST} of {len(shown):,}."))


def _clocks(clocks: list[Row], now: datetime) -> Markup:
    rows = []
    for clock in clocks:
        used = f"{write_hours(clock['elapsed_business_ms'])} of {write_hours(clock['duration_ms'])}"
        paused = pieces.small(f"paused {write_hours(clock['paused_ms'])}") if clock["paused_ms"] else ""
        due = pieces.dated(write_ago(clock["due_at"], now), write_instant(clock["due_at"]))
        rows.append(
            (
                pieces.chip(clock["state"]),
                pieces.stack(
                    pieces.link(clock["display_name"] or clock["sla"], clock["runbook"] or ""),
                    pieces.key(clock["subject_key"]),
                ),
                due,
                pieces.stack(used, paused),
                write_money(clock["value_at_risk"], clock["currency"]) if clock["value_at_risk"] else "",
                clock["owner"] or "nobody",
            )
        )
    return pieces.table(["State", "Promise", "Due", "Open time used", "Value", "Owner"], rows, right=["Value"])


def draw_findings(findings: list[Row], alerts: list[Row], now: datetime) -> None:
    if not findings and not alerts:
        pieces.put(pieces.quiet("Nothing was found, and nobody had to be told."))
        return
    rows = [
        (
            pieces.chip("resolved" if finding["resolved_at"] else finding["severity"]),
            pieces.stack(write_name(finding["detector"]), pieces.small(finding["evidence"])),
            write_money(finding["amount"], finding["currency"]) if finding["amount"] else "",
            pieces.dated(write_ago(finding["first_seen_at"], now), write_instant(finding["first_seen_at"])),
            finding["owner"] or "nobody",
        )
        for finding in findings[:MOST]
    ]
    rows += [
        (
            pieces.chip(alert["state"]),
            pieces.stack(write_name(alert["name"]), pieces.small(alert["summary"])),
            write_money(alert["value_at_risk"], alert["currency"]) if alert["value_at_risk"] else "",
            pieces.dated(write_ago(alert["started_at"], now), write_instant(alert["started_at"])),
            alert["acknowledged_by"] or alert["owner"] or "nobody",
        )
        for alert in alerts[:MOST]
    ]
    pieces.put(pieces.table(["State", "Finding or alert", "Value", "Since", "Owner"], rows, right=["Value"]))


def draw_failures(events: pd.DataFrame, spans: list[Row], now: datetime) -> None:
    if events.empty and not spans:
        pieces.put(pieces.quiet("No step and no integration run has failed here."))
        return
    if not events.empty:
        pieces.put(pieces.heading("Events that report a failure"))
        rows = [
            (
                write_instant(event["occurred_at"]),
                event["system"].upper(),
                pieces.stack(write_name(event["event_type"]), pieces.key(event["object_key"])),
                pieces.stack(
                    pieces.chip("failed", write_name(event["error_category"] or "other")),
                    _attributes(event["attributes"]),
                ),
            )
            for event in events.sort_values("occurred_at", ascending=False).head(MOST).to_dict("records")
        ]
        pieces.put(pieces.table(["When", "System", "Event", "What it says"], rows))
    if spans:
        pieces.put(pieces.heading("Failed runs, by the step they broke"), _by_step(spans, now))
        pieces.put(pieces.heading("Spans that failed", f"At most {MOST}, the newest first"), _spans(spans[:MOST]))


def _by_step(spans: list[Row], now: datetime) -> Markup:
    groups: dict[tuple[str, str], list[Row]] = {}
    for span in spans:
        groups.setdefault((span["milestone"], span["error_category"]), []).append(span)
    rows = [
        (
            write_name(milestone) if milestone else "No step is known",
            pieces.chip("failed", write_name(category)),
            f"{len(those):,}",
            pieces.dated(write_ago(those[0]["at"], now), write_instant(those[0]["at"])),
            pieces.stack(pieces.join([those[0]["service"], those[0]["span_name"]], ", "), those[0]["message"]),
        )
        for (milestone, category), those in groups.items()
    ]
    return pieces.table(["Step", "Kind", "Spans", "Last", "The last one"], rows, right=["Spans"])


def _spans(spans: list[Row]) -> Markup:
    rows = [
        (
            write_instant(span["at"]),
            pieces.stack(write_name(span["milestone"]), pieces.small(f"by {span['confidence'].replace('_', ' ')}")),
            pieces.stack(f"{span['service']}, {span['span_name']}", pieces.key(span["trace_id"])),
            pieces.stack(
                pieces.chip("failed", write_name(span["error_category"])),
                span["message"] or "no message",
                _attributes({name: span[name] for name in ("http_status", "error_type")}),
            ),
        )
        for span in spans
    ]
    return pieces.table(["When", "Step", "Service, span", "What it says"], rows)


def _attributes(attributes: Mapping[str, str] | None) -> Markup:
    told = [(name, value) for name, value in (attributes or {}).items() if value][:TOLD_ATTRIBUTES]
    cells = "".join(
        f"<dt>{pieces.escape(name)}</dt><dd>{pieces.escape(value[:LONGEST_VALUE])}</dd>" for name, value in told
    )
    return Markup(f'<dl class="bt-attributes">{cells}</dl>') if cells else Markup("")


def draw_events(events: pd.DataFrame) -> None:
    if events.empty:
        pieces.put(pieces.quiet("No event belongs to this lifecycle yet."))
        return
    columns: dict[str, Any] = {
        "occurred_at": st.column_config.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm:ss", timezone="UTC"),
        "system": "System",
        "event_type": "Event",
        "object_key": "Record",
        "milestone": "Checkpoint",
        "outcome": "Outcome",
        "amount": st.column_config.NumberColumn("Amount", format="localized"),
        "currency": "Currency",
        "confidence": "Belongs by",
        "correlation_id": "Correlation id",
        "trace_id": "Trace",
    }
    newest_first = events.sort_values("occurred_at", ascending=False)
    st.dataframe(
        newest_first[list(columns)], column_config=columns, hide_index=True, height=min(38 + 35 * len(events), 560)
    )


def draw_records(store: Store, lifecycle_id: str) -> None:
    objects = read.of_lifecycle(store, "lifecycle_objects", lifecycle_id)
    if not objects:
        pieces.put(pieces.quiet("No record belongs to this lifecycle yet."))
        return
    clusters: dict[str, list[Row]] = {}
    for found in objects:
        clusters.setdefault(found["cluster_key"], []).append(found)
    rows = [
        (write_name(members[0]["object_type"]), pieces.stack(*(pieces.key(member["object_key"]) for member in members)))
        for members in list(clusters.values())[:MOST]
    ]
    relations = read.relations(store, [found["object_key"] for found in objects])
    left, right = st.columns([2, 3], gap="large")
    with left:
        pieces.put(
            pieces.heading("Records", "Ids of one real thing stand together"), pieces.table(["Kind", "Known as"], rows)
        )
    with right:
        told = [
            (
                pieces.key(row["from_key"]),
                write_name(row["kind"]).lower(),
                pieces.key(row["to_key"]),
                row["confidence"],
                row["event_id"],
            )
            for row in relations[:MOST]
        ]
        pieces.put(pieces.heading("Why they belong together", "Each relation with the event that proves it"))
        pieces.put(
            pieces.table(["Record", "", "Record", "Belief", "Event"], told)
            if told
            else pieces.quiet("No relation is stored.")
        )
