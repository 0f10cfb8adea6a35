"""Every figure, in one style: no frames, faint horizontal lines, few colours, plain words on hover.

A figure is made from a frame and nothing else; whoever calls has made sure that the frame is not empty.
"""

import math
from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboards.palette import (
    CALM_SERIES,
    GREEN,
    INK,
    LATE_SERIES,
    LINE,
    MUTED,
    RED,
    SERIES,
    SLATE,
    TEAL,
    TEAL_SOFT,
    colour_of,
)
from dashboards.words import ACRONYMS, write_count, write_instant, write_money, write_name, write_short_money

FONT = "Source Sans, Source Sans Pro, system-ui, sans-serif"
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": "reset"}
ROW_PX = 34
OTHERS = "other promises"


def draw_weeks(frame: pd.DataFrame) -> go.Figure:
    """Time to bill per week of the invoice: the median, and between which the middle half lies."""
    figure = _figure(height=300)
    weeks = pd.to_datetime(frame["week"])
    band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(x=weeks, y=frame["p75_days"], **band)
    figure.add_scatter(x=weeks, y=frame["p25_days"], fill="tonexty", fillcolor="rgba(18,101,107,0.10)", **band)
    figure.add_scatter(
        x=weeks,
        y=frame["median_days"],
        mode="lines+markers",
        line={"color": TEAL, "width": 2.5, "shape": "spline", "smoothing": 0.4},
        marker={"size": 5},
        customdata=frame[["p25_days", "p75_days", "invoices"]],
        hovertemplate="median %{y:.1f} days<br>half of them %{customdata[0]:.1f} to %{customdata[1]:.1f}"
        "<br>%{customdata[2]:,} invoices<extra>week of %{x|%d %b}</extra>",
        showlegend=False,
    )
    figure.update_yaxes(title_text="days", rangemode="tozero")
    return figure


def draw_ranking(frame: pd.DataFrame) -> go.Figure:
    """Median time to bill per name, the slowest on top, a thin mark at the 90th percentile."""
    frame = frame.iloc[::-1]
    names = [_label(name) for name in frame["name"]]
    figure = _figure(height=_height(len(frame), least=250))
    figure.add_bar(
        x=frame["median_days"],
        y=names,
        orientation="h",
        marker={"color": TEAL, "cornerradius": 4},
        width=0.55,
        customdata=frame[["p90_days", "invoices"]],
        text=[f" {days:.1f}" for days in frame["median_days"]],
        textposition="outside",
        textfont={"color": INK},
        hovertemplate="median %{x:.1f} days<br>nine of ten within %{customdata[0]:.1f}"
        "<br>%{customdata[1]:,} invoices<extra>%{y}</extra>",
        showlegend=False,
        cliponaxis=False,
    )
    figure.add_scatter(
        x=frame["p90_days"],
        y=names,
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 12, "color": MUTED, "line": {"width": 2}},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.update_xaxes(title_text="days", showgrid=True, rangemode="tozero")
    figure.update_yaxes(showgrid=False, ticksuffix="  ")
    return figure


def draw_unbilled(frame: pd.DataFrame, currency: str) -> go.Figure:
    """Unbilled value per legal entity, parted by the promise it waits for; the late ones first and warm."""
    frame = _fold_rest(frame)
    frame = frame.assign(reason=[_reason(row.waits_for, bool(row.is_late)) for row in frame.itertuples()])
    table = frame.pivot_table(index="legal_entity", columns="reason", values="unbilled", aggfunc="sum").fillna(0)
    table = table.loc[table.sum(axis=1).sort_values().index]
    is_late = frame.groupby("reason")["is_late"].max().astype(bool)
    reasons = sorted(table.columns, key=lambda reason: (not is_late[reason], -table[reason].sum()))
    late_colours, calm_colours = iter(LATE_SERIES), iter(CALM_SERIES)
    figure = _figure(height=_height(len(table), least=330), legend=True)
    for reason in reasons:
        figure.add_bar(
            x=table[reason],
            y=[_label(name) for name in table.index],
            name=reason,
            orientation="h",
            width=0.5,
            marker={"color": next(late_colours if is_late[reason] else calm_colours)},
            customdata=[write_money(round(value), currency) for value in table[reason]],
            hovertemplate="%{customdata}<extra>" + reason + "</extra>",
        )
    figure.update_layout(barmode="stack", legend={"orientation": "v", "y": 1.04})
    _money_axis(figure.update_xaxes, currency, table.sum(axis=1).max())
    figure.update_xaxes(showgrid=True)
    figure.update_yaxes(showgrid=False, ticksuffix="  ")
    return figure


def _fold_rest(frame: pd.DataFrame) -> pd.DataFrame:
    """Name as many promises as there are colours, the largest; the others of the late and of the calm are one each."""
    folded = frame.copy()
    for is_late, colours in ((True, LATE_SERIES), (False, CALM_SERIES)):
        rows = frame["is_late"].astype(bool) == is_late
        ranked = frame[rows].groupby("waits_for")["unbilled"].sum().sort_values(ascending=False).index
        if len(ranked) > len(colours):
            folded.loc[rows & frame["waits_for"].isin(ranked[len(colours) - 1 :]), "waits_for"] = OTHERS
    return folded


def _reason(waits_for: str, is_late: bool) -> str:
    if not waits_for:
        return "no promise is open"
    return f"{'late' if is_late else 'in time'}: {waits_for}"


def draw_attainment(frame: pd.DataFrame) -> go.Figure:
    """The share of promises kept per SLA against its target."""
    frame = frame.iloc[::-1]
    names = frame["display_name"]
    figure = _figure(height=_height(len(frame), least=300))
    kept = frame["ratio"] >= frame["target_ratio"]
    figure.add_bar(x=[1] * len(frame), y=names, orientation="h", width=0.32, marker={"color": LINE}, hoverinfo="skip")
    figure.add_bar(
        x=frame["ratio"],
        y=names,
        orientation="h",
        width=0.32,
        marker={"color": [GREEN if good else RED for good in kept]},
        customdata=frame[["met", "late", "target_ratio"]],
        hovertemplate="%{x:.1%} kept, target %{customdata[2]:.0%}<br>%{customdata[0]:,} kept, %{customdata[1]:,} late"
        "<extra>%{y}</extra>",
    )
    figure.add_scatter(
        x=frame["target_ratio"],
        y=names,
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 20, "color": INK, "line": {"width": 2}},
        hoverinfo="skip",
    )
    for row in frame.itertuples():
        text = f"<b>{row.ratio:.1%}</b>" if row.met + row.late else "no promise was due"
        figure.add_annotation(
            x=1.01, xref="paper", y=row.display_name, text=text, showarrow=False, xanchor="left", font={"color": INK}
        )
    figure.update_layout(barmode="overlay", showlegend=False, margin={"r": 120})
    figure.update_xaxes(range=[0, 1.005], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1], showgrid=False)
    figure.update_yaxes(showgrid=False, ticksuffix="  ")
    return figure


def draw_late_value(frame: pd.DataFrame, currency: str) -> go.Figure:
    """What was late by month of the due time, parted by whether an integration run failed."""
    figure = _figure(height=300, legend=True)
    for failed, name, colour in ((True, "with a failed run", RED), (False, "without one", TEAL_SOFT)):
        part = frame[frame["has_failed_run"].astype(bool) == failed]
        texts = [
            f"{write_money(round(row.late_value), currency)}<br>{write_count(row.contracts, 'contract')}"
            for row in part.itertuples()
        ]
        figure.add_bar(
            x=pd.to_datetime(part["month"]),
            y=part["late_value"],
            name=name,
            marker={"color": colour},
            customdata=texts,
            hovertemplate="%{customdata}<extra>%{x|%B %Y}</extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.4)
    _money_axis(figure.update_yaxes, currency, frame.groupby("month")["late_value"].sum().max())
    figure.update_xaxes(tickformat="%b %Y", dtick="M1" if frame["month"].nunique() < 8 else "M2")
    return figure


def draw_timeline(events: pd.DataFrame, runs: pd.DataFrame) -> go.Figure:
    """Events on one lane per system, and beneath them the spans of the integration runs, failures on top."""
    runs = runs.assign(lane=runs["service"] + " spans") if not runs.empty else runs
    systems = sorted(set(events["system"]), reverse=True)
    services = sorted(set(runs["lane"]), reverse=True) if not runs.empty else []
    lanes = [*services, *systems]
    figure = _figure(height=_height(len(lanes), least=230), legend=True)
    for outcome, name, symbol, size in (("success", "event", "circle", 11), ("failure", "failed event", "x", 11)):
        part = events[(events["outcome"] == "failure") == (outcome == "failure")]
        figure.add_scatter(
            x=part["occurred_at"],
            y=part["system"],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": size, "color": colour_of(outcome), "opacity": 0.75, "line": {"width": 0}},
            customdata=[_event_words(row) for row in part.itertuples()],
            hovertemplate="%{customdata}<extra></extra>",
        )
    if not runs.empty:
        _add_runs(figure, runs)
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=lanes,
        tickvals=lanes,
        ticktext=[f"{ACRONYMS.get(lane, lane)}  " for lane in lanes],
        showgrid=True,
        tickfont={"color": INK},
    )
    figure.update_xaxes(showgrid=True)
    return figure


def _add_runs(figure: go.Figure, runs: pd.DataFrame) -> None:
    for failed, name, colour, symbol in (
        (False, "span", SLATE, "line-ns-open"),
        (True, "failed span", RED, "x-thin-open"),
    ):
        part = runs[runs["is_error"].astype(bool) == failed]
        figure.add_scatter(
            x=part["started_at"],
            y=part["lane"],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2}},
            customdata=[f"<b>{row.name_}</b><br>{write_instant(row.started_at)}" for row in _named(part).itertuples()],
            hovertemplate="%{customdata}<extra></extra>",
        )


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={"name": "name_"})


def _event_words(row: object) -> str:
    event_type, key = getattr(row, "event_type", ""), getattr(row, "object_key", "")
    amount, currency = getattr(row, "amount", 0.0), getattr(row, "currency", "")
    lines = [f"<b>{write_name(event_type)}</b>", key, write_instant(getattr(row, "occurred_at", None))]
    lines += [write_money(f"{amount:.2f}", currency)] if amount else []
    lines += (
        [f"failed: {getattr(row, 'error_category', '') or 'other'}"] if getattr(row, "outcome", "") == "failure" else []
    )
    return "<br>".join(line for line in lines if line)


def _label(name: str) -> str:
    return name if name.isupper() or name.upper() == name else write_name(name) if name else "not told"


def _height(rows: int, *, least: int) -> int:
    return max(least, 90 + ROW_PX * rows)


def _money_axis(update: Callable[..., object], currency: str, most: float) -> None:
    step = _step(most / 4)
    ticks = [step * number for number in range(int(most / step) + 1)]
    update(tickvals=ticks, ticktext=[write_short_money(tick, currency) if tick else "0" for tick in ticks])


def _step(least: float) -> float:
    """The next round number that is not below: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-9)))
    return next(power * round_number for round_number in (1, 2, 2.5, 5, 10) if power * round_number >= least)


def _figure(*, height: int, legend: bool = False) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 4, "r": 12, "t": 34 if legend else 8, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": MUTED},
        colorway=list(SERIES),
        showlegend=legend,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "title": None,
            "traceorder": "normal",
            "font": {"size": 12},
        },
        hoverlabel={"bgcolor": "white", "bordercolor": LINE, "font": {"family": FONT, "color": INK, "size": 13}},
        hovermode="closest",
        dragmode=False,
        bargap=0.35,
    )
    figure.update_xaxes(
        showgrid=False, gridcolor=LINE, zeroline=False, automargin=True, title_standoff=6, title_font_size=12
    )
    figure.update_yaxes(
        showgrid=True, gridcolor=LINE, zeroline=False, automargin=True, title_standoff=6, title_font_size=12
    )
    return figure
