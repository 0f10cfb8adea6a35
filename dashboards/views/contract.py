"""The top of the trace page: whose contract it is, how much of it is billed and paid, and how far it got."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from billtrail.store import Row
from dashboards import pieces
from dashboards.palette import AMBER, GREEN, TEAL, colour_of
from dashboards.pieces import Markup
from dashboards.words import write_ago, write_count, write_day, write_duration, write_instant, write_money, write_name

MARKS = {"done": "✓", "failed": "✕", "late": "!", "skipped": "?", "out_of_order": "⇄", "extra": "+"}
TROUBLES = ("late", "failed", "extra", "out_of_order")


def write_header(row: Row, clocks: list[Row], now: datetime) -> Markup:
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


def write_checkpoints(steps: list[Row], errors: list[Row], now: datetime) -> Markup:
    """The steps that apply, with the failed spans of each; those nobody expects of this billing model are left out."""
    shown = [
        step for step in steps if step["state"] != "not_applicable" and (step["reached"] or not step["is_optional"])
    ]
    if not shown:
        return pieces.quiet("The journey of this lifecycle is not known.")
    broken = Counter(error["milestone"] for error in errors)
    return Markup(f'<div class="bt-steps">{"".join(_step(step, broken, now) for step in shown)}</div>')


def _step(step: Row, broken: Mapping[str, int], now: datetime) -> Markup:
    state = step["state"]
    words: list[str] = []
    if step["reached"]:
        words.append(pieces.dated(write_day(step["first_at"]), write_instant(step["first_at"])))
    if step["reached"] > 1:
        last = pieces.dated(f"last {write_ago(step['last_at'], now)}", write_instant(step["last_at"]))
        words.append(pieces.join([f"{step['reached']} times", last], ", "))
    told = [f"{step[name]:,} {write_name(name).lower()}" for name in TROUBLES if step[name]]
    told += [write_name(state)] if not told and state == "skipped" else []
    words += [Markup(f'<span class="state">{pieces.escape(text)}</span>') for text in told]
    if step["due_at"] and state != "done":
        words.append(pieces.dated(f"due {write_ago(step['due_at'], now)}", write_instant(step["due_at"])))
    if count := broken.get(step["milestone"]):
        words.append(write_count(count, "failed span"))
    if state != "done":
        words.append(step["owner"])
    lines = "".join(f"<span>{pieces.escape(word)}</span>" for word in words if word)
    return Markup(
        f'<div class="bt-step {pieces.escape(state)}" style="--c:{colour_of(state)}">'
        f'<div class="mark">{MARKS.get(state, "")}</div>'
        f"<b>{pieces.escape(write_name(step['milestone']))}</b>{lines}</div>"
    )
