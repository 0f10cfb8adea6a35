"""The trace page: one contract by any of its ids, from its signature to now, with all that went wrong on the way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from billtrail.store import Row, Store
from dashboards import charts, desk, pieces, read
from dashboards.palette import AMBER, GREEN, TEAL, colour_of
from dashboards.pieces import Markup
from dashboards.read import Match
from dashboards.words import (
    write_ago,
    write_count,
    write_day,
    write_duration,
    write_hours,
    write_instant,
    write_money,
    write_name,
)

MARKS = {"done": "✓", "failed": "✕", "late": "!", "skipped": "?", "out_of_order": "?"}
MANY, MOST = 12, 100
TOLD_ATTRIBUTES = 12
LONGEST_VALUE = 300


def show() -> None:
    pieces.put(pieces.title("Trace", "Any id of any system leads to its contract"))
    asked = st.query_params.get("id", "")
    with st.form("search", border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            "Search",
            value=asked,
            placeholder="Invoice 8841, erp:invoice:8841, a correlation id, a trace id, a client’s name",
            label_visibility="collapsed",
            icon=":material/search:",
        )
        is_sent = st.form_submit_button("Find", type="primary")
    if is_sent and text.strip() != asked:
        st.query_params["id"] = asked = text.strip()
    desk.draw(lambda store: _page(store, asked))


def _page(store: Store, asked: str) -> None:
    if not asked:
        pieces.put(
            pieces.empty(
                "Which contract?",
                "Type what you have in hand: the number of an invoice, a project, a time entry or a contract, in "
                "whichever system; a correlation id or a trace id from a log; or a client’s name.",
            )
        )
        return
    matches = read.find_lifecycles(store, asked)
    if not matches:
        pieces.put(
            pieces.empty(
                f"Nothing is known by “{asked}”",
                "An id is found once an event has named it. Was the event rejected? See the dead letters on the "
                "on-call page, or ask from a shell:",
                "billtrail trace " + asked[:60],
            )
        )
        return
    rows = {row["lifecycle_id"]: row for row in read.lifecycles(store, [match.lifecycle_id for match in matches])}
    matches = [match for match in matches if match.lifecycle_id in rows]
    current = [match for match in matches if not rows[match.lifecycle_id]["superseded_by"]] or matches
    if len(current) == 1:
        _draw_lifecycle(store, rows[current[0].lifecycle_id])
    else:
        _draw_matches(current, rows)


def _draw_matches(matches: list[Match], rows: Mapping[str, Row]) -> None:
    pieces.put(pieces.heading(f"{len(matches)} contracts", "The id leads to all of these; choose one"))
    for match in matches[:50]:
        row = rows[match.lifecycle_id]
        with st.container(border=True, key=f"panel-match-{match.lifecycle_id}"):
            left, middle, right = st.columns([2.4, 2.6, 1], vertical_alignment="center")
            with left:
                label = desk.plain(f"{row['client'] or 'No client yet'} · {row['lifecycle_id']}")
                st.page_link(desk.page("trace"), label=label, query_params={"id": row["lifecycle_id"]})
            with middle:
                words = [
                    pieces.small("found by"),
                    pieces.key(match.found_by),
                    pieces.tag(write_name(row["billing_model"])),
                ]
                pieces.put(pieces.join(words))
            with right:
                pieces.put(pieces.chip(row["state"]))


def _draw_lifecycle(store: Store, row: Row) -> None:
    now = desk.now()
    happened = read.events(store, row["lifecycle_id"])
    linked = read.runs(store, happened)
    clocks = read.of_lifecycle(store, "lifecycle_clocks", row["lifecycle_id"])
    findings = read.of_lifecycle(store, "lifecycle_findings", row["lifecycle_id"])
    alerts = read.of_lifecycle(store, "lifecycle_alerts", row["lifecycle_id"])
    failed = read.failed_spans(store, linked)
    failed_events = happened[happened["outcome"] == "failure"] if not happened.empty else happened

    pieces.put(_header(row, clocks, now))
    with st.container(border=True, key="panel-steps"):
        pieces.put(pieces.heading("Checkpoints", "In the order of the journey"))
        pieces.put(_checkpoints(read.checkpoints(store, row), now))
    with st.container(border=True, key="panel-timeline"):
        spans = f", {write_count(len(linked), 'span')} of their runs beneath" if not linked.empty else ""
        pieces.put(pieces.heading("Timeline", f"{write_count(len(happened), 'event')} by system{spans}"))
        if happened.empty:
            pieces.put(pieces.quiet("No event belongs to this lifecycle yet."))
        else:
            st.plotly_chart(
                charts.draw_timeline(happened, linked), theme=None, config=charts.CONFIG, key="figure-timeline"
            )
    failures = len(failed_events) + len(failed)
    names = [
        f"Promises ({len(clocks)})",
        f"Findings and alerts ({len(findings) + len(alerts)})",
        f"Failures ({failures})",
        "Events",
        "Records",
    ]
    promises, found, errors, events, records = st.tabs(names)
    with promises:
        _draw_clocks(clocks, now)
    with found:
        _draw_findings(findings, alerts, now)
    with errors:
        _draw_failures(failed_events, failed)
    with events:
        _draw_events(happened)
    with records:
        _draw_records(store, row["lifecycle_id"])


def _header(row: Row, clocks: list[Row], now: datetime) -> Markup:
    late = [clock for clock in clocks if clock["state"] == "breached"]
    chips = [pieces.chip(row["state"])]
    chips += [pieces.chip("late", f"{write_count(len(late), 'promise')} late")] if late else []
    chips += [pieces.tag(write_name(row["billing_model"]))] if row["billing_model"] else []
    chips += [pieces.tag(row[name]) for name in ("region", "legal_entity") if row[name]]
    owner = f"owner {row['owner']}" if row["owner"] else "nobody owns it"
    last = pieces.dated(f"last heard of {write_ago(row['last_event_at'], now)}", write_instant(row["last_event_at"]))
    line = pieces.join([pieces.key(row["root_key"]), owner, f"began {write_day(row['started_at'])}", last], " · ")
    superseded = pieces.small(f"superseded by {row['superseded_by']}") if row["superseded_by"] else ""
    client = row["client"] or "No client yet"
    return Markup(
        f'<div class="bt-contract"><div class="line"><h2>{pieces.escape(client)}</h2>{"".join(chips)}</div>'
        f'<div class="bt-small">{line} {superseded}</div>{_money_bar(row)}{_amounts(row)}</div>'
    )


def _amounts(row: Row) -> Markup:
    took = "–" if row["time_to_bill_ms"] is None else write_duration(row["time_to_bill_ms"] / 1000)
    named = {
        "Contract": write_money(row["contract_value"], row["currency"]),
        "Approved": write_money(row["approved_amount"], row["currency"]),
        "Invoiced": write_money(row["invoiced_amount"], row["currency"]),
        "Paid": write_money(row["paid_amount"], row["currency"]),
        "Approved, not invoiced": write_money(row["unbilled_amount"], row["currency"]),
        "Time to bill": took,
    }
    cells = "".join(
        f'<div><div class="name">{name}</div><div class="value">{pieces.escape(value)}</div></div>'
        for name, value in named.items()
    )
    return Markup(f'<div class="bt-amounts">{cells}</div>')


def _money_bar(row: Row) -> Markup:
    """How much of the contract is paid, invoiced and approved, as one bar."""
    whole = float(max(row["contract_value"], row["approved_amount"], row["invoiced_amount"]))
    if whole <= 0:
        return Markup("")
    paid, invoiced, approved = (float(row[f"{name}_amount"]) for name in ("paid", "invoiced", "approved"))
    parts = (
        (paid, GREEN, "paid"),
        (max(invoiced - paid, 0), TEAL, "invoiced"),
        (max(approved - invoiced, 0), AMBER, "unbilled"),
    )
    bars = "".join(
        f'<i style="width:{value / whole:.2%};background:{colour}" title="{name}: {value / whole:.0%}"></i>'
        for value, colour, name in parts
    )
    return Markup(f'<div class="bt-bar">{bars}</div>')


def _checkpoints(steps: list[Row], now: datetime) -> Markup:
    """The steps that apply; those nobody expects of this billing model are left out."""
    shown = [
        step for step in steps if step["state"] != "not_applicable" and (step["reached"] or not step["is_optional"])
    ]
    if not shown:
        return pieces.quiet("The journey of this lifecycle is not known.")
    return Markup(f'<div class="bt-steps">{"".join(_step(step, now) for step in shown)}</div>')


def _step(step: Row, now: datetime) -> Markup:
    state = step["state"]
    words: list[str] = []
    if step["reached"]:
        words.append(pieces.dated(write_day(step["first_at"]), write_instant(step["first_at"])))
    if step["reached"] > 1:
        last = pieces.dated(f"last {write_ago(step['last_at'], now)}", write_instant(step["last_at"]))
        words.append(pieces.join([f"{step['reached']} times", last], ", "))
    if state in ("late", "failed", "skipped", "out_of_order"):
        text = f"{step['late_count']} late" if step["late_count"] > 1 or step["reached"] else write_name(state)
        words.append(Markup(f'<span class="state">{pieces.escape(text)}</span>'))
    if step["failed"]:
        words.append(write_count(step["failed"], "attempt") + " failed")
    if state != "done":
        words.append(step["owner"])
    lines = "".join(f"<span>{pieces.escape(word)}</span>" for word in words if word)
    return Markup(
        f'<div class="bt-step {pieces.escape(state)}" style="--c:{colour_of(state)}">'
        f'<div class="mark">{MARKS.get(state, "")}</div>'
        f"<b>{pieces.escape(write_name(step['milestone']))}</b>{lines}</div>"
    )


def _draw_clocks(clocks: list[Row], now: datetime) -> None:
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


def _draw_findings(findings: list[Row], alerts: list[Row], now: datetime) -> None:
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


def _draw_failures(events: pd.DataFrame, spans: list[Row]) -> None:
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
        pieces.put(pieces.heading("Spans that failed", "At most a hundred, of the newest runs"))
        rows = [
            (
                write_instant(span["started_at"]),
                span["service"],
                pieces.stack(
                    span["name"], pieces.small(write_duration(span["duration_ms"] / 1000)), pieces.key(span["trace_id"])
                ),
                pieces.stack(span["message"] or "no message", _attributes(span["attributes"])),
            )
            for span in reversed(spans)
        ]
        pieces.put(pieces.table(["When", "Service", "Span", "What it says"], rows))


def _attributes(attributes: Mapping[str, str] | None) -> Markup:
    told = [(name, value) for name, value in (attributes or {}).items() if value][:TOLD_ATTRIBUTES]
    cells = "".join(
        f"<dt>{pieces.escape(name)}</dt><dd>{pieces.escape(value[:LONGEST_VALUE])}</dd>" for name, value in told
    )
    return Markup(f'<dl class="bt-attributes">{cells}</dl>') if cells else Markup("")


def _draw_events(events: pd.DataFrame) -> None:
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


def _draw_records(store: Store, lifecycle_id: str) -> None:
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
