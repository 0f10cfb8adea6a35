"""The pieces pages are made of: cards, chips, tables, checkpoints, empty and error states, as HTML.

Everything that comes from outside is escaped here: a piece takes words, and `Markup` that another piece has made.
"""

import html
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.palette import colour_of
from dashboards.words import write_name

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


class Markup(str):
    """HTML made here, safe to be put into other pieces."""


def put(*pieces: str) -> None:
    """Draw pieces one under the other."""
    st.html(Markup("".join(escape(piece) for piece in pieces)))


def escape(text: Any) -> Markup:
    """Make a text safe; markup stays as it is."""
    return text if isinstance(text, Markup) else Markup(html.escape(str(text)))


def join(pieces: Iterable[Any], between: str = " ") -> Markup:
    """Put pieces in a row."""
    return Markup(escape(between).join(escape(piece) for piece in pieces))


def title(name: str, question: str) -> Markup:
    return Markup(f'<div class="bt-title"><h1>{escape(name)}</h1><span>{escape(question)}</span></div>')


def heading(name: str, note: str = "") -> Markup:
    return Markup(f'<div class="bt-head"><b>{escape(name)}</b><span>{escape(note)}</span></div>')


def chip(state: str, text: str = "") -> Markup:
    """A state in its colour."""
    return Markup(f'<span class="bt-chip" style="--c:{colour_of(state)}">{escape(text or write_name(state))}</span>')


def tag(text: str) -> Markup:
    return Markup(f'<span class="bt-tag">{escape(text)}</span>')


def key(text: str) -> Markup:
    """An id, in letters that keep O and 0 apart."""
    return Markup(f'<span class="bt-key">{escape(text)}</span>')


def small(text: str) -> Markup:
    return Markup(f'<span class="bt-small">{escape(text)}</span>')


def stack(*pieces: Any) -> Markup:
    """Pieces under each other within a cell."""
    return Markup("<br>".join(escape(piece) for piece in pieces if piece))


def amount(text: str) -> Markup:
    """An amount that a row begins with."""
    return Markup(f'<span class="bt-money">{escape(text)}</span>')


def dated(text: str, instant: str) -> Markup:
    """A relative time that tells the exact one when pointed at."""
    return Markup(f'<span title="{escape(instant)}">{escape(text)}</span>')


def link(text: str, address: str) -> Markup:
    """A link; an address that is not http(s) or a path of ours is written as plain text."""
    if not address.startswith(("http://", "https://", "/")):
        return escape(text)
    return Markup(f'<a href="{html.escape(address)}">{escape(text)}</a>')


def card(name: str, value: str, note: Any = "", mood: str = "") -> Markup:
    """One figure of a row of cards. `mood` is late, near, good or nothing."""
    return Markup(
        f'<div class="bt-card {escape(mood)}"><div class="name">{escape(name)}</div>'
        f'<div class="value">{escape(value)}</div><div class="note">{escape(note)}</div></div>'
    )


def cards(*made: Markup) -> Markup:
    return Markup(f'<div class="bt-cards">{"".join(made)}</div>')


def change(text: str, *, is_better: bool | None) -> Markup:
    """A difference to an earlier period; None is neither better nor worse."""
    mood = {True: "down", False: "up", None: "even"}[is_better]
    return Markup(f'<span class="bt-{mood}">{escape(text)}</span>')


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()) -> Markup:
    """A table; the columns named in `right` hold numbers."""
    sides = [' class="right"' if head in right else "" for head in heads]
    top = "".join(f"<th{side}>{escape(head)}</th>" for head, side in zip(heads, sides, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{escape(cell)}</td>" for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in rows
    )
    return Markup(f'<table class="bt-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>')


def empty(what: str, then: str, command: str = "") -> Markup:
    """Say that there is nothing, and what to do about it."""
    code = f"<br><br><code>{escape(command)}</code>" if command else ""
    return Markup(f'<div class="bt-empty"><b>{escape(what)}</b>{escape(then)}{code}</div>')


def quiet(text: str) -> Markup:
    """Say that there is nothing, where that is no news."""
    return Markup(f'<div class="bt-empty quiet">{escape(text)}</div>')


def trouble(what: str, then: str, detail: str) -> Markup:
    """Say that something failed, what to do, and what the store said."""
    return Markup(
        f'<div class="bt-error" role="alert"><b>{escape(what)}</b><p>{escape(then)}</p>'
        f"<p><code>{escape(detail)}</code></p></div>"
    )
