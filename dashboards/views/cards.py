"""The five figures the executive page begins with. Other currencies are named beside the chosen one, never added."""

from typing import Any

from billtrail.store import Row
from dashboards import pieces
from dashboards.words import write_count, write_duration, write_money, write_short_money

SAME = 0.005


def write_open_card(money: list[Row], days: int) -> pieces.Markup:
    opened, signed = (sum(row[name] for row in money) for name in ("open_contracts", "signed_contracts"))
    return pieces.card("Contracts open", f"{opened:,}", f"{signed:,} signed in the last {days} days")


def write_time_card(took: Row, days: int) -> pieces.Markup:
    if not took["invoices"]:
        return pieces.card("Time to bill, median", "–", "no invoice in this period")
    note: Any = write_count(took["invoices"], "invoice")
    if took["earlier_invoices"]:
        share = took["median_ms"] / max(took["earlier_median_ms"], 1) - 1
        better = None if abs(share) < SAME else share < 0
        words = "as before" if better is None else f"{abs(share):.0%} {'faster' if better else 'slower'}"
        note = pieces.join([pieces.change(words, is_better=better), f"than the {days} days before"])
    return pieces.card("Time to bill, median", write_duration(took["median_ms"] / 1000), note)


def write_unbilled_card(money: list[Row], currency: str) -> pieces.Markup:
    row = next((row for row in money if row["currency"] == currency), None)
    others = [
        write_short_money(other["unbilled"], other["currency"])
        for other in money
        if other["currency"] != currency and other["unbilled"]
    ]
    value = write_short_money(row["unbilled"], currency) if row else "–"
    note = write_count(row["unbilled_contracts"], "contract") if row else ""
    return pieces.card("Approved, not invoiced", value, _with_others(note, others))


def write_kept_card(slas: list[Row]) -> pieces.Markup:
    met, late = (sum(row[name] for row in slas) for name in ("met", "late"))
    if not met + late:
        return pieces.card("Promises kept, 30 days", "–", "no promise was due")
    due = [row for row in slas if row["met"] + row["late"]]
    below = sum(1 for row in due if ratio_of(row) < row["target_ratio"])
    note = f"{late:,} of {met + late:,} late · " + (
        f"{below} of {len(due)} SLAs below target" if below else "all on target"
    )
    return pieces.card("Promises kept, 30 days", f"{met / (met + late):.1%}", note, "near" if below else "good")


def write_risk_card(at_risk: list[Row], currency: str) -> pieces.Markup:
    row = next((row for row in at_risk if row["currency"] == currency), None)
    others = [
        write_short_money(other["value"], other["currency"])
        for other in at_risk
        if other["value"] and other["currency"] != currency
    ]
    if row is None:
        return pieces.card(
            "Value at risk now", write_money(0, currency), _with_others("nothing late or close", others), "good"
        )
    note = f"{write_count(row['late_contracts'], 'contract')} late, {row['contracts'] - row['late_contracts']:,} close"
    mood = "late" if row["late_contracts"] else "near"
    return pieces.card("Value at risk now", write_short_money(row["value"], currency), _with_others(note, others), mood)


def _with_others(note: str, others: list[str]) -> str:
    return " · ".join([note, *([f"also {', '.join(others)}"] if others else [])])


def ratio_of(row: Row) -> float:
    due = row["met"] + row["late"]
    return float(row["met"] / due) if due else 0.0
