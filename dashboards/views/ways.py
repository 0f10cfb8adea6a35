"""The ways lifecycles take through their journey, with a contract as an example of each to follow."""

from collections.abc import Sequence

import streamlit as st

from billtrail.store import Row
from dashboards import desk, pieces
from dashboards.pieces import Markup
from dashboards.words import write_count, write_duration, write_name

LONGEST = 9


def draw(variants: Sequence[Row]) -> None:
    """Draw the most frequent ways, or nothing where there are none."""
    if not variants:
        return
    with st.container(border=True, key="panel-ways"):
        pieces.put(
            pieces.heading("The ways they take", "Steps in the order they were first reached; most frequent first")
        )
        for row in variants:
            share, way, example = st.columns([1.1, 5, 1], vertical_alignment="center", gap="small")
            with share:
                took = f"median {write_duration(row['median_ms'] / 1000)}"
                many = write_count(row["lifecycles"], "lifecycle")
                pieces.put(pieces.stack(pieces.amount(f"{row['share']:.0%}"), pieces.small(f"{many}, {took}")))
            with way:
                pieces.put(_write_path(row["path"]))
            with example:
                st.page_link(desk.page("trace"), label="Example", query_params={"id": row["example"]})


def _write_path(path: Sequence[str]) -> Markup:
    """The steps in a row; the middle of a long way is left out."""
    names = [pieces.tag(write_name(name)) for name in path]
    if len(names) > LONGEST:
        names[LONGEST - 3 : -2] = [pieces.small(f"{len(names) - LONGEST + 1} more")]
    return pieces.join(names, " → ")
