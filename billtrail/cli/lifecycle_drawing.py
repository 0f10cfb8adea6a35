"""Draws a lifecycle as text: header, checkpoints, timeline, promises, findings, failed runs. Reads nothing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from billtrail.cli.output import format_instant

Row = Mapping[str, Any]

# State of a checkpoint or a clock: its mark and its colour.
MARKS = {
    "done": ("✓", "green"),
    "met": ("✓", "green"),
    "pending": ("…", "dim"),
    "running": ("…", "default"),
    "paused": ("‖", "dim"),
    "at_risk": ("!", "yellow"),
    "out_of_order": ("!", "yellow"),
    "extra": ("!", "yellow"),
    "late": ("✗", "red"),
    "failed": ("✗", "red"),
    "breached": ("✗", "red"),
    "missed": ("✗", "red"),
    "skipped": ("✗", "yellow"),
    "unknown": ("?", "yellow"),
}
NO_MARK = ("·", "dim")
TOLD = ("client", "region", "legal_entity", "billing_model", "owner")
ALIKE = ("system", "event_type", "outcome", "error_category", "milestone", "currency")
RIGHT = {"amount", "at risk", "times"}


def draw_lifecycle(found: Mapping[str, Any]) -> RenderableType:
    """Draw what `read_lifecycle` answers."""
    parts = [_draw_header(found["lifecycle"]), *_titled("checkpoints", _draw_checkpoints(found["checkpoints"]))]
    parts += _titled("events", _draw_events(found["events"]))
    parts += _titled("promises", _draw_clocks(found["clocks"]))
    parts += _titled("findings", _draw_findings(found["findings"]))
    parts += _titled("failed runs", _draw_failures(found["failures"]))
    return Group(*parts, Text())


def _draw_header(lifecycle: Row) -> RenderableType:
    told = " · ".join(str(lifecycle[name]) for name in TOLD if lifecycle[name])
    amounts = "   ".join(
        f"{word} {format_money(lifecycle[name], lifecycle['currency'])}"
        for word, name in (
            ("contract", "contract_value"),
            ("approved", "approved_amount"),
            ("invoiced", "invoiced_amount"),
            ("paid", "paid_amount"),
            ("unbilled", "unbilled_amount"),
        )
    )
    heard = f"last heard of {format_instant(lifecycle['last_event_at'])} UTC"
    where = f"{lifecycle['state']}, at {lifecycle['stage'] or 'the start'}, {heard}"
    if lifecycle["superseded_by"]:
        where += f", superseded by {lifecycle['superseded_by']}"
    return Panel(Text("\n".join(line for line in (told, where, amounts) if line)), title=lifecycle["lifecycle_id"])


def _draw_checkpoints(checkpoints: Iterable[Row]) -> Table:
    table = _table("", "checkpoint", "state", "first (UTC)", "times", "due (UTC)", "owner")
    for row in (row for row in checkpoints if row["state"] != "not_applicable"):
        table.add_row(
            _mark(row["state"]),
            row["milestone"],
            _say_state(row),
            format_instant(row["reached_at"]),
            str(row["reached"] or ""),
            format_instant(row["due_at"]) if row["due_at"] else "",
            row["owner"],
        )
    return table


def _say_state(checkpoint: Row) -> str:
    """Say the state, and of how many objects it is true where that is not plain."""
    state = checkpoint["state"]
    words, count = state.replace("_", " "), checkpoint.get(state, 0)
    return f"{words} ({count})" if count > 1 or (count and checkpoint["reached"]) else words


def _draw_events(events: Iterable[Row]) -> Table:
    table = _table("", "when (UTC)", "system", "event", "object", "amount")
    for alike in fold_events(events):
        row, amount = alike[0], sum((one["amount"] for one in alike), Decimal())
        is_failure = row["outcome"] == "failure"
        event = f"{row['event_type']} ({row['error_category'] or 'failed'})" if is_failure else row["event_type"]
        more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
        table.add_row(
            _mark("failed" if is_failure else "done" if row["milestone"] else ""),
            format_instant(row["occurred_at"]),
            row["system"],
            event,
            row["object_key"] + more,
            format_money(amount, row["currency"]) if amount else "",
            style="red" if is_failure else "",
        )
    return table


def fold_events(events: Iterable[Row]) -> list[list[Row]]:
    """Gather neighbours that differ only in their object and amount: one week's time entries are one line."""
    return [list(alike) for _, alike in groupby(events, key=_look)]


def _look(row: Row) -> tuple[object, ...]:
    return (format_instant(row["occurred_at"]), *(row[name] for name in ALIKE))


def _draw_clocks(clocks: Iterable[Row]) -> Table:
    table = _table("", "promise", "subject", "state", "due (UTC)", "at risk", "owner")
    for row in sorted(clocks, key=lambda row: (row["due_at"], row["sla"])):
        table.add_row(
            _mark(row["state"]),
            row["sla"],
            row["subject_key"],
            row["state"].replace("_", " "),
            format_instant(row["due_at"]),
            format_money(row["value_at_risk"], row["currency"]) if row["value_at_risk"] else "",
            row["owner"],
        )
    return table


def _draw_findings(findings: Iterable[Row]) -> Table:
    table = _table("", "finding", "evidence", "since (UTC)", "owner")
    for row in findings:
        is_open = row["resolved_at"] is None
        mark = Text("✗", style="red" if row["severity"] == "critical" else "yellow") if is_open else _mark("done")
        table.add_row(mark, row["detector"], row["evidence"], format_instant(row["first_seen_at"]), row["owner"])
    return table


def _draw_failures(failures: Iterable[Row]) -> Table:
    table = _table("", "step", "kind", "times", "last (UTC)", "where", "what it said")
    for row in failures:
        where = " · ".join(text for text in (row["system"], row["service"], row["span_name"]) if text)
        said = row["message"] or f"trace {row['trace_id']}"
        kind = row["error_category"].replace("_", " ")
        step = row["milestone"] or "not known"
        table.add_row(_mark("failed"), step, kind, str(row["times"]), format_instant(row["last_at"]), where, said)
    return table


def format_money(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency, thousands apart."""
    return f"{amount:,.2f} {currency}".strip()


def _titled(title: str, table: Table) -> list[RenderableType]:
    return [Text(f"\n{title}", style="bold"), table] if table.row_count else []


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in RIGHT else "left")
    return table


def _mark(state: str) -> Text:
    mark, style = MARKS.get(state, NO_MARK)
    return Text(mark, style=style)
