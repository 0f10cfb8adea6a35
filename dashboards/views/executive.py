"""The executive page: how long from approved work to invoice, what is unbilled and why, which promises are kept.

Amounts in different currencies are never added up: one currency is looked at, the others are named beside it.
"""

import functools
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from billtrail.store import Row, Store
from dashboards import charts, desk, pieces, read
from dashboards.read import Filters
from dashboards.views import cards
from dashboards.words import (
    write_ago,
    write_count,
    write_instant,
    write_money,
    write_name,
)

PERIODS = {"30 days": 30, "90 days": 90, "12 months": 365}
SIDES = ("region", "legal_entity", "billing_model")


def show() -> None:
    pieces.put(
        pieces.title("Executive", "How long from approved work to invoice, what is unbilled, which promises are kept")
    )
    desk.draw(_page)


def _page(store: Store) -> None:
    choices = read.filter_values(store)
    if not choices["regions"] and not choices["billing_models"] and not choices["legal_entities"]:
        pieces.put(
            pieces.empty(
                "No contract has been seen yet",
                "Send business events to the doors, or let the simulated firm do it:",
                "billtrail up --demo",
            )
        )
        _look_for_contracts()
        return
    filters, currency, days = _choose(choices)
    every = desk.read_settings().executive_every_s
    st.fragment(_figures, run_every=every)(filters, currency, days)


@st.fragment(run_every=desk.LOOK_AGAIN_S)
def _look_for_contracts() -> None:
    """Draw the page anew as soon as the first contract is there."""
    if read.portfolio(desk.open_store_once(), Filters(desk.now(), desk.now())):
        st.rerun()


def _choose(choices: Row) -> tuple[Filters, str, int]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        period = st.segmented_control(
            "Period", list(PERIODS), default="90 days", required=True, key="period", bind="query-params"
        )
        picked = {}
        for name, label in (
            ("regions", "Region"),
            ("legal_entities", "Legal entity"),
            ("billing_models", "Billing model"),
        ):
            picked[name] = tuple(
                st.multiselect(label, choices[name], format_func=_label, placeholder="All", key=name, width=200)
            )
        currency = _choose_currency(choices["currencies"])
    days = PERIODS[period or "90 days"]
    today = desk.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return Filters(today - timedelta(days=2 * days), today - timedelta(days=days), **picked), currency, days


def _figures(filters: Filters, currency: str, days: int) -> None:
    desk.draw(lambda store: _draw_figures(store, filters, currency, days))


def _draw_figures(store: Store, filters: Filters, currency: str, days: int) -> None:
    money = read.portfolio(store, filters)
    if not money:
        pieces.put(pieces.empty("No contract fits these filters", "Take one of them away."))
        return
    at_risk = read.value_at_risk(store, filters)
    slas = read.sla_attainment(store, filters)
    pieces.put(
        pieces.cards(
            cards.write_open_card(money, days),
            cards.write_time_card(read.time_to_bill(store, filters), days),
            cards.write_unbilled_card(money, currency),
            cards.write_kept_card(slas),
            cards.write_risk_card(at_risk, currency),
        )
    )
    _draw_time_to_bill(store, filters)
    _draw_unbilled(store, filters, currency)
    _draw_promises(store, filters, slas, currency)


def _choose_currency(currencies: list[str]) -> str:
    """Amounts in different currencies are never added up, so that one must be chosen."""
    if len(currencies) < 2:
        return "".join(currencies)
    chosen = st.segmented_control(
        "Amounts in",
        currencies,
        default=currencies[0],
        required=True,
        key="currency",
        help="Amounts in different currencies are never added up: one is shown, the others are named beside it.",
    )
    return str(chosen or currencies[0])


def _draw_time_to_bill(store: Store, filters: Filters) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left.container(border=True, key="panel-weeks", height="stretch"):
        pieces.put(
            pieces.heading(
                "Time to bill", "Approved work to invoice, median per week; the band holds half of all invoices"
            )
        )
        weeks = read.time_to_bill_weeks(store, filters)
        _figure_or_quiet(weeks, lambda: charts.draw_weeks(weeks), "No invoice was issued in this period.", "weeks")
    with right.container(border=True, key="panel-by", height="stretch"):
        side = st.session_state.get("side") or SIDES[0]
        pieces.put(
            pieces.heading(
                "Where it takes longest", f"Median days by {write_name(side).lower()}, the mark is nine of ten"
            )
        )
        by = st.segmented_control(
            "By",
            SIDES,
            default=SIDES[0],
            required=True,
            format_func=write_name,
            key="side",
            label_visibility="collapsed",
        )
        ranking = read.time_to_bill_by(store, filters, by or SIDES[0])
        _figure_or_quiet(
            ranking, lambda: charts.draw_ranking(ranking), "No invoice was issued in this period.", "ranking"
        )


def _draw_unbilled(store: Store, filters: Filters, currency: str) -> None:
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, key="panel-unbilled", height="stretch"):
        pieces.put(pieces.heading(f"Unbilled, in {currency}", "By legal entity, and what it waits for"))
        frame = read.unbilled(store, filters, currency)
        make = functools.partial(charts.draw_unbilled, frame, currency)
        _figure_or_quiet(frame, make, "All approved work is invoiced.", "unbilled")
    with right.container(border=True, key="panel-largest", height="stretch"):
        pieces.put(pieces.heading("Largest unbilled contracts", "Follow one to see where it is stuck"))
        rows = read.largest_unbilled(store, filters, currency)
        if rows:
            _draw_largest(rows, desk.now())
        else:
            pieces.put(pieces.quiet("All approved work is invoiced."))


def _draw_largest(rows: list[Row], now: datetime) -> None:
    for row in rows:
        money, who, why = st.columns([1, 1.6, 1.7], vertical_alignment="center", gap="small")
        with money:
            pieces.put(pieces.amount(write_money(round(row["unbilled_amount"]), row["currency"])))
        with who:
            label = desk.plain(row["client"] or row["lifecycle_id"])
            st.page_link(desk.page("trace"), label=label, query_params={"id": row["lifecycle_id"]})
        with why:
            pieces.put(_why(row, now))


def _why(row: Row, now: datetime) -> pieces.Markup:
    if not row["waits_for"]:
        return pieces.small("no promise is open")
    word = "was due" if row["clock_state"] == "breached" else "is due"
    due = pieces.dated(f"{word} {write_ago(row['due_at'], now)}", write_instant(row["due_at"]))
    return pieces.stack(
        pieces.small(row["waits_for"]), pieces.join([pieces.chip(row["clock_state"]), pieces.small(due)])
    )


def _draw_promises(store: Store, filters: Filters, slas: list[Row], currency: str) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left.container(border=True, key="panel-promises", height="stretch"):
        pieces.put(pieces.heading("Promises kept", "By due time in the last 30 days; the mark is the target"))
        due = sorted((row for row in slas if row["met"] + row["late"]), key=cards.ratio_of)
        frame = pd.DataFrame([{**row, "ratio": cards.ratio_of(row)} for row in due])
        _figure_or_quiet(frame, lambda: charts.draw_attainment(frame), "No promise was due.", "attainment")
        if due and (rest := len(slas) - len(due)):
            pieces.put(pieces.small(f"{write_count(rest, 'more SLA')} had no promise due."))
    with right.container(border=True, key="panel-late", height="stretch"):
        pieces.put(
            pieces.heading(f"Held up by late steps, in {currency}", "By month due; red had a failed integration run")
        )
        late = read.late_value_months(store, filters, currency)
        _figure_or_quiet(
            late, lambda: charts.draw_late_value(late, currency), "Nothing was late in this period.", "late"
        )


def _figure_or_quiet(frame: pd.DataFrame, make: Any, otherwise: str, name: str) -> None:
    if frame.empty:
        pieces.put(pieces.quiet(otherwise))
    else:
        st.plotly_chart(make(), theme=None, config=charts.CONFIG, key=f"figure-{name}")


def _label(value: str) -> str:
    return value if value.isupper() or value.upper() == value else write_name(value)
