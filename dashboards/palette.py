"""The colours of every page: one accent, one warning, one alarm, greys. A state has the same colour everywhere."""

INK = "#1b2a33"
MUTED = "#66767f"
FAINT = "#9aa7ad"
LINE = "#e1e8e9"
WASH = "#f1f5f5"
TEAL = "#12656b"
TEAL_SOFT = "#a9cfd0"
AMBER = "#c4821b"
RED = "#b23a2e"
GREEN = "#3b8465"
SLATE = "#7d8f99"
PLUM = "#7b5a7e"

# For things that are only different from each other, in this order.
SERIES = (
    TEAL,
    AMBER,
    "#5b80a8",
    PLUM,
    "#7f9a5c",
    "#c36f5a",
    SLATE,
    "#3f9c9c",
    "#a58b3e",
    "#8a8fc0",
    "#c48fa8",
    "#5f6b6e",
)

# The same, for what is late and for what is not.
LATE_SERIES = (RED, AMBER, "#d98b6c", "#8f4a5c")
CALM_SERIES = (TEAL, TEAL_SOFT, "#5b80a8", "#c3ccd0")

STATES = {
    "done": GREEN,
    "met": GREEN,
    "sent": GREEN,
    "live": GREEN,
    "success": TEAL,
    "open": TEAL,
    "firing": RED,
    "running": SLATE,
    "pending": FAINT,
    "paused": FAINT,
    "acknowledged": SLATE,
    "at_risk": AMBER,
    "skipped": AMBER,
    "out_of_order": AMBER,
    "extra": AMBER,
    "unknown": AMBER,
    "warning": AMBER,
    "silent": AMBER,
    "late": RED,
    "missed": "#c8766d",
    "breached": RED,
    "failed": RED,
    "failure": RED,
    "critical": RED,
    "given_up": RED,
    "cancelled": FAINT,
    "superseded": FAINT,
    "resolved": GREEN,
    "info": SLATE,
}


def colour_of(state: str) -> str:
    """The colour of a state; grey for one that has none."""
    return STATES.get(state, MUTED)
