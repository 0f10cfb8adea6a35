"""The on-call page: what is on fire ranked by money, who has it, were people told, and can the figures be trusted."""

from datetime import datetime
from pathlib import PurePosixPath

import streamlit as st

from billtrail.store import Row, Store
from dashboards import desk, pieces, read
from dashboards.words import write_ago, write_count, write_instant, write_money, write_name, write_short_money

ALL = "All"
SHOWN = 25
MONEY_CARDS = 3
SEVERITIES = ("critical", "warning", "info")


def show() -> None:
    pieces.put(pieces.title("On-call", "What is late or wrong now, the most money first"))
    st.fragment(_page, run_every=desk.read_settings().on_call_every_s)()


def _page() -> None:
    desk.draw(_draw)


def _draw(store: Store) -> None:
    now = desk.now()
    alerts = read.on_call(store, "open_alerts")
    pieces.put(_counts(read.on_call(store, "alert_counts"), read.on_call(store, "alert_money")))
    _draw_alerts(alerts, now)
    left, middle, right = st.columns(3, gap="medium")
    with left.container(border=True, key="panel-notifications", height="stretch"):
        _draw_notifications(read.on_call(store, "notification_states"), now)
    with middle.container(border=True, key="panel-letters", height="stretch"):
        _draw_letters(read.on_call(store, "dead_letter_reasons"), now)
    with right.container(border=True, key="panel-sources", height="stretch"):
        _draw_sources(read.on_call(store, "sources"), now)


def _counts(counts: list[Row], money: list[Row]) -> pieces.Markup:
    by_severity = {row["severity"]: row for row in counts}
    made = []
    for severity, mood in (("critical", "late"), ("warning", "near")):
        row = by_severity.get(severity, {"open": 0, "acknowledged": 0, "resolved_today": 0})
        note = f"{row['acknowledged']:,} taken · {row['resolved_today']:,} resolved today"
        made.append(pieces.card(f"Open, {severity}", f"{row['open']:,}", note, mood if row["open"] else "good"))
    shown, rest = money[:MONEY_CARDS], money[MONEY_CARDS:]
    also = ", ".join(write_short_money(row["value"], row["currency"]) for row in rest)
    for row in shown:
        note = write_count(row["subjects"], "record") + (f" · also {also}" if also and row is shown[-1] else "")
        made.append(
            pieces.card(f"At risk in {row['currency']}", write_short_money(row["value"], row["currency"]), note)
        )
    return pieces.cards(*made)


def _draw_alerts(alerts: list[Row], now: datetime) -> None:
    if not alerts:
        pieces.put(
            pieces.empty(
                "Nothing is on fire", "No alert is open. What is close to its due time is on the executive page."
            )
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        currencies = sorted({alert["currency"] for alert in alerts if alert["currency"]})
        currency = ALL
        if len(currencies) > 1:
            currency = st.segmented_control(
                "Currency",
                [ALL, *currencies],
                default=ALL,
                required=True,
                key="ranked-currency",
                label_visibility="collapsed",
            )
        untaken = st.toggle("Only what nobody has taken", key="untaken")
    chosen = [
        alert
        for alert in alerts
        if currency in (ALL, None, alert["currency"]) and not (untaken and alert["state"] == "acknowledged")
    ]
    note = "Ranked by value" + (
        "; different currencies as bare numbers" if currency == ALL and len(currencies) > 1 else ""
    )
    pieces.put(pieces.heading(write_count(len(chosen), "open alert"), note))
    shown = st.session_state.get("alerts-shown", SHOWN)
    for place, alert in enumerate(chosen[:shown]):
        _draw_alert(place, alert, now)
    if len(chosen) > shown and st.button(f"Show {min(SHOWN, len(chosen) - shown)} more", key="more"):
        st.session_state["alerts-shown"] = shown + SHOWN
        st.rerun(scope="fragment")


def _draw_alert(place: int, alert: Row, now: datetime) -> None:
    severity = alert["severity"] if alert["severity"] in SEVERITIES else "info"
    with st.container(border=True, key=f"alert-{severity}-{place}"):
        money, what, links = st.columns([1.1, 4, 1.6], vertical_alignment="center", gap="medium")
        with money:
            pieces.put(_alert_money(alert, now))
        with what:
            pieces.put(_alert_words(alert))
        with links, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            st.page_link(
                desk.page("trace"), label="Trace", icon=":material/timeline:", query_params={"id": alert["subject"]}
            )
            if _is_address(alert["runbook"]):
                st.page_link(alert["runbook"], label="Runbook", icon=":material/menu_book:")


def _alert_money(alert: Row, now: datetime) -> pieces.Markup:
    amount = write_money(alert["value_at_risk"], alert["currency"]) if alert["value_at_risk"] else "No amount"
    since = pieces.dated(f"alerted {write_ago(alert['started_at'], now)}", write_instant(alert["started_at"]))
    return pieces.stack(pieces.amount(amount), pieces.small(since))


def _alert_words(alert: Row) -> pieces.Markup:
    owner = alert["assigned_to"] or alert["owner"]
    words: list[str] = [pieces.chip(alert["severity"])]
    words += (
        [pieces.chip("acknowledged", f"taken by {alert['acknowledged_by'] or 'somebody'}")]
        if alert["state"] == "acknowledged"
        else []
    )
    told = [f"owner {owner}" if owner else "nobody owns it", alert["labels"].get("client", "")]
    if alert["runbook"] and not _is_address(alert["runbook"]):
        told.append(f"runbook {PurePosixPath(alert['runbook']).stem}")
    line = pieces.join([*words, pieces.tag(write_name(alert["name"])), pieces.join(filter(None, told), " · ")], " ")
    return pieces.Markup(
        f'<div class="bt-alert"><p><b>{pieces.escape(_summary(alert))}</b></p><div class="bt-small">{line}</div></div>'
    )


def _is_address(runbook: str) -> bool:
    return runbook.startswith(("http://", "https://"))


def _summary(alert: Row) -> str:
    """The sentence without what the card says beside it."""
    return str(alert["summary"]).split("; ")[0] or alert["subject"]


def _draw_notifications(rows: list[Row], now: datetime) -> None:
    pieces.put(pieces.heading("Notifications", "Of the last day, each in its last attempt"))
    if not rows:
        pieces.put(pieces.quiet("Nobody had to be told."))
        return
    cells = [
        (
            row["channel"],
            pieces.stack(
                pieces.chip(row["outcome"]),
                pieces.small(row["last_reason"][:140]) if row["outcome"] in ("failed", "given_up") else "",
            ),
            f"{row['notifications']:,}",
            pieces.dated(write_ago(row["last_at"], now), write_instant(row["last_at"])),
        )
        for row in rows
    ]
    pieces.put(pieces.table(["Channel", "Outcome", "Count", "Last"], cells, right=["Count"]))


def _draw_letters(rows: list[Row], now: datetime) -> None:
    pieces.put(pieces.heading("Dead letters", "What could not be used and waits for a replay"))
    if not rows:
        pieces.put(pieces.quiet("Everything that came could be used."))
        return
    cells = [
        (
            pieces.stack(row["source"], pieces.small(write_name(row["reason"]))),
            pieces.small(row["last_detail"][:160]),
            f"{row['records']:,}",
            pieces.dated(write_ago(row["last_at"], now), write_instant(row["last_at"])),
        )
        for row in rows
    ]
    pieces.put(pieces.table(["Source", "Last said", "Count", "Last"], cells, right=["Count"]))


def _draw_sources(rows: list[Row], now: datetime) -> None:
    pieces.put(pieces.heading("Sources", "A silent source makes its figures old, not good"))
    if not rows:
        pieces.put(pieces.quiet("No source has been heard of yet."))
        return
    cells = [
        (
            row["source"],
            pieces.chip(row["state"]),
            pieces.dated(write_ago(row["last_received_at"], now), write_instant(row["last_received_at"])),
        )
        for row in rows
    ]
    pieces.put(pieces.table(["Source", "State", "Last heard of"], cells))
