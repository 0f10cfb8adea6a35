"""The trace page: one contract by any of its ids, from its signature to now, with all that went wrong on the way."""

from collections.abc import Mapping

import streamlit as st

from billtrail.store import Row, Store
from dashboards import charts, desk, pieces, read
from dashboards.read import Match
from dashboards.views import contract, evidence, ways
from dashboards.words import write_count, write_name


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
        ways.draw(read.variants(store))
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
    failed = read.of_lifecycle(store, "lifecycle_errors", row["lifecycle_id"])
    steps = read.of_lifecycle(store, "checkpoints", row["lifecycle_id"])
    failed_events = happened[happened["outcome"] == "failure"] if not happened.empty else happened

    pieces.put(contract.write_header(row, clocks, now))
    with st.container(border=True, key="panel-steps"):
        pieces.put(pieces.heading("Checkpoints", "In the order of the journey"))
        pieces.put(contract.write_checkpoints(steps, failed, now))
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
        evidence.draw_clocks(clocks, now)
    with found:
        evidence.draw_findings(findings, alerts, now)
    with errors:
        evidence.draw_failures(failed_events, failed, now)
    with events:
        evidence.draw_events(happened)
    with records:
        evidence.draw_records(store, row["lifecycle_id"])
