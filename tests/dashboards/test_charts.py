"""Figures: what is in them, not how they look."""

from datetime import timedelta

import pandas as pd
import pytest

from dashboards import charts, read
from dashboards.read import Filters
from tests.dashboards.conftest import SeededFirm


def test_every_figure_is_drawn_from_a_real_firm(firm: SeededFirm) -> None:
    filters = Filters(firm.now - timedelta(days=730), firm.now - timedelta(days=365))
    slas = pd.DataFrame([{**row, "ratio": 0.5} for row in read.sla_attainment(firm.reader, filters)])
    figures = [
        charts.draw_weeks(read.time_to_bill_weeks(firm.reader, filters)),
        charts.draw_ranking(read.time_to_bill_by(firm.reader, filters, "region")),
        charts.draw_unbilled(read.unbilled(firm.reader, filters, "EUR"), "EUR"),
        charts.draw_attainment(slas),
        charts.draw_late_value(read.late_value_months(firm.reader, filters, "EUR"), "EUR"),
    ]
    for figure in figures:
        assert sum(len(trace.y) for trace in figure.data) > 0


def test_a_timeline_parts_failures_from_the_rest(firm: SeededFirm) -> None:
    failed = firm.reader.query("SELECT lifecycle_id FROM lifecycle_events WHERE outcome = 'failure' LIMIT 1")
    happened = read.events(firm.reader, failed[0]["lifecycle_id"])
    figure = charts.draw_timeline(happened, read.runs(firm.reader, happened))
    drawn = {trace.name: len(trace.x) for trace in figure.data}
    assert drawn["failed event"] == (happened["outcome"] == "failure").sum()
    assert drawn["event"] + drawn["failed event"] == len(happened)
    assert drawn["failed span"] >= 2


@pytest.mark.parametrize(("least", "step"), [(0.9, 1), (1.1, 2), (230_000, 250_000), (620_000, 1_000_000)])
def test_axes_are_parted_at_round_numbers(least: float, step: float) -> None:
    assert charts._step(least) == pytest.approx(step)


def test_more_promises_than_colours_are_one_reason() -> None:
    rows = [
        {
            "legal_entity": "DE01",
            "waits_for": f"promise {number}",
            "is_late": number % 2 == 0,
            "unbilled": 100.0 + number,
        }
        for number in range(16)
    ]
    figure = charts.draw_unbilled(pd.DataFrame(rows), "EUR")
    names = [trace.name for trace in figure.data]
    assert len(names) == len({trace.marker.color for trace in figure.data}) == 8
    assert {"late: other promises", "in time: other promises"} <= set(names)
    assert sum(sum(trace.x) for trace in figure.data) == sum(row["unbilled"] for row in rows)
