"""What every page stands on: the store behind it, the gate before it, and the one way it fails.

A page is a function of the store. When the store does not answer, the page says so in place of its figures and looks
again by itself; it never draws an empty figure for a failed question.
"""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from billtrail.errors import BilltrailError, StoreError
from billtrail.settings import SettingsLayers
from billtrail.store import Store, StoreSettings, open_reader
from dashboards import pieces
from dashboards.settings import DashboardsSettings

LOOK_AGAIN_S = 5
PROMISE = "Nothing is shown rather than something wrong; this page looks again every few seconds."


@st.cache_resource(show_spinner=False)
def read_settings() -> DashboardsSettings:
    """The settings of this process, read once."""
    return DashboardsSettings.from_layers(SettingsLayers())


@st.cache_resource(show_spinner=False)
def open_store_once() -> Store:
    """One client for all visitors; it is made when first somebody asks, and again after a failure."""
    return open_reader(StoreSettings.from_layers(SettingsLayers()))


def now() -> datetime:
    return datetime.now(UTC)


def page(name: str) -> Any:
    """A page to link to: executive, trace or on_call."""
    return st.session_state["pages"][name]


def plain(text: str) -> str:
    """Keep a label from being read as Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+!|~$<>" else sign for sign in text)


def is_admitted() -> bool:
    """Ask a visitor for the token where one is configured. Answers whether the page may be drawn."""
    token = read_settings().token.get_secret_value()
    if not token or st.session_state.get("is_admitted"):
        return True
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle:
        pieces.put(pieces.title("Billtrail", ""))
        with st.form("gate", border=True):
            given = st.text_input("Access token", type="password")
            if not st.form_submit_button("Open", type="primary"):
                return False
        if hmac.compare_digest(given.encode(), token.encode()):
            st.session_state["is_admitted"] = True
            st.rerun()
        st.error("That is not the configured token.")
    return False


def draw(page: Callable[[Store], None]) -> None:
    """Draw a page, or what went wrong."""
    try:
        page(open_store_once())
    except StoreError as error:
        _draw_trouble(error)


def _draw_trouble(error: BilltrailError) -> None:
    if getattr(error, "is_transient", False):
        what = "The store does not answer"
        then = "If it stays like this, see what runs: billtrail doctor."
    else:
        what = "The store could not answer a question of this page"
        then = "Please report what it said, below."
    pieces.put(pieces.trouble(what, f"{PROMISE} {then}", str(error)[:400]))
    _look_again()


@st.fragment(run_every=LOOK_AGAIN_S)
def _look_again() -> None:
    """Start the whole page over, but not on the run that has just failed."""
    if st.session_state.pop("has_just_failed", False):
        st.rerun()
    st.session_state["has_just_failed"] = True
