"""How the pages write amounts, times and names."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from dashboards import pieces
from dashboards.words import (
    write_ago,
    write_duration,
    write_hours,
    write_instant,
    write_money,
    write_name,
    write_short_money,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "long", "short"),
    [
        (Decimal("0"), "EUR 0", "EUR 0"),
        (Decimal("1200.00"), "EUR 1,200", "EUR 1,200"),
        (Decimal("1200.5"), "EUR 1,200.50", "EUR 1,200"),
        (Decimal("45600"), "EUR 45,600", "EUR 45.6 k"),
        (Decimal("999999"), "EUR 999,999", "EUR 1.00 M"),
        (Decimal("1243000"), "EUR 1,243,000", "EUR 1.24 M"),
        (Decimal("-31000000"), "EUR -31,000,000", "EUR -31.0 M"),
        (Decimal("2500000000"), "EUR 2,500,000,000", "EUR 2.50 bn"),
    ],
)
def test_money_is_written_with_its_currency(amount: Decimal, long: str, short: str) -> None:
    assert (write_money(amount, "EUR"), write_short_money(amount, "EUR")) == (long, short)


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(seconds=10), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=30), "30 h ago"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=200), "7 months ago"),
        (-timedelta(hours=3), "in 3 h"),
    ],
)
def test_instants_are_told_from_now(delta: timedelta, words: str) -> None:
    assert write_ago(NOON - delta, NOON) == words


def test_an_instant_that_never_was_is_a_dash() -> None:
    assert (write_ago(None, NOON), write_instant(None)) == ("–", "–")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (12, "12 s"),
        (600, "10 min"),
        (19_200, "5 h 20 min"),
        (86_400, "24 h"),
        (535_680, "6.2 days"),
        (float("nan"), "–"),
    ],
)
def test_spans_of_time_are_told_in_two_units_at_most(seconds: float, words: str) -> None:
    assert write_duration(seconds) == words


def test_open_time_is_told_in_hours() -> None:
    assert [write_hours(ms) for ms in (60_000, 5_400_000, 57_600_000)] == ["1 min", "1.5 h", "16 h"]


@pytest.mark.parametrize(
    ("code", "words"),
    [("time_and_materials", "Time and materials"), ("project_in_erp", "Project in ERP"), ("crm", "CRM"), ("", "–")],
)
def test_codes_are_written_as_words(code: str, words: str) -> None:
    assert write_name(code) == words


def test_what_comes_from_outside_is_never_markup() -> None:
    evil = "<script>alert(1)</script>\" onload='x'"
    made = [
        pieces.card(evil, evil, evil),
        pieces.table([evil], [[evil]]),
        pieces.chip(evil),
        pieces.empty(evil, evil, evil),
        pieces.trouble(evil, evil, evil),
        pieces.link(evil, "https://x.example/" + evil),
        pieces.dated(evil, evil),
    ]
    for markup in made:
        assert "<script" not in markup
        assert "onload='" not in markup


def test_a_link_that_could_run_something_is_plain_text() -> None:
    assert pieces.link("runbook", "javascript:alert(1)") == "runbook"
