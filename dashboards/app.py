"""The script Streamlit runs: the look, the gate, and the three pages."""

import streamlit as st

from dashboards import desk, pieces
from dashboards.views import executive, on_call, trace

MARK = (
    '<path d="M5 23 L13 15 L19 19 L27 8" fill="none" stroke="#12656b" stroke-width="3" stroke-linecap="round"'
    ' stroke-linejoin="round"/><circle cx="5" cy="23" r="3" fill="#12656b"/>'
    '<circle cx="27" cy="8" r="3" fill="#c4821b"/>'
)
ICON = f'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">{MARK}</svg>'
LOGO = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="148" height="32" viewBox="0 0 148 32">{MARK}'
    '<text x="38" y="22" font-family="Source Sans, system-ui, sans-serif" font-size="19" font-weight="600"'
    ' fill="#1b2a33">Billtrail</text></svg>'
)


def main() -> None:
    st.set_page_config(page_title="Billtrail", page_icon=ICON, layout="wide")
    st.html(f"<style>{pieces.STYLE}</style>")
    st.logo(LOGO, size="large")
    pages = {
        "executive": st.Page(executive.show, title="Executive", icon=":material/monitoring:", default=True),
        "trace": st.Page(trace.show, title="Trace", icon=":material/timeline:", url_path="trace"),
        "on_call": st.Page(on_call.show, title="On-call", icon=":material/notifications:", url_path="on-call"),
    }
    st.session_state["pages"] = pages
    chosen = st.navigation(list(pages.values()), position="top")
    if desk.is_admitted():
        chosen.run()


main()
