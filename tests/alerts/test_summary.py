"""Sentences made from the names of milestones."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alerts.summary import Promise, age_words, money_words, summarize_finding, summarize_promise

CASES = [
    ("time_entry", "time_approved", ("time_posted", "erp"), "was approved 3 days ago and is not posted in ERP"),
    ("contract", "contract_signed", ("project_in_erp", "erp"), "was signed 3 days ago and has no project in ERP"),
    (
        "contract",
        "project_in_psa",
        ("project_in_erp", ""),
        "got its project in PSA 3 days ago and has no project in ERP",
    ),
    (
        "billing_milestone",
        "milestone_approved",
        ("invoice_issued", "erp"),
        "was approved 3 days ago and its invoice is not issued in ERP",
    ),
    (
        "invoice",
        "invoice_issued",
        ("invoice_visible_in_crm", "crm"),
        "was issued 3 days ago and is not visible in CRM",
    ),
    ("invoice", "invoice_issued", ("payment_received", ""), "was issued 3 days ago and its payment is not received"),
    ("time_entry", "invoice_issued", ("time_posted", ""), "had its invoice issued 3 days ago and is not posted"),
    (
        "status_report",
        "status_reported",
        ("portfolio_refreshed", "portfolio"),
        "was reported 3 days ago and its portfolio is not refreshed",
    ),
    ("time_entry", "due", ("", ""), "was due 3 days ago and is overdue"),
]


@pytest.mark.parametrize(("object_type", "start", "stop", "middle"), CASES, ids=[case[3] for case in CASES])
def test_milestones_become_a_sentence(object_type: str, start: str, stop: tuple[str, str], middle: str) -> None:
    stops = (stop[0],) if stop[0] else ()
    promise = Promise(object_type, "x:y:Z", "Acme", start, stops, (stop[1],), timedelta(days=3))
    name = object_type.replace("_", " ").capitalize()
    assert summarize_promise(promise, "EUR 5", "pmo") == f"{name} x:y:Z of Acme {middle}; EUR 5 at risk; owner pmo"


def test_all_that_is_missing_is_named() -> None:
    promise = Promise(
        "contract", "k", "", "contract_signed", ("project_in_psa", "project_in_erp"), ("psa", "erp"), timedelta(hours=5)
    )
    assert summarize_promise(promise, "", "") == (
        "Contract k was signed 5 hours ago and has no project in PSA, has no project in ERP; nobody owns it"
    )


def test_a_finding_keeps_the_detectors_sentence() -> None:
    assert summarize_finding("A is twice.", "Acme", "EUR 1", "pmo") == "A is twice (Acme); EUR 1 at risk; owner pmo"
    assert summarize_finding("Acme: A is twice", "Acme", "", "pmo") == "Acme: A is twice; owner pmo"


@pytest.mark.parametrize(
    ("amount", "words"),
    [("0", ""), ("1200.00", "EUR 1,200"), ("1200.5", "EUR 1,200.50"), ("1234567.89", "EUR 1,234,567.89")],
)
def test_money_is_written_for_people(amount: str, words: str) -> None:
    assert money_words(Decimal(amount), "EUR") == words


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=49), "2 days"),
    ],
)
def test_an_age_has_one_unit(age: timedelta, words: str) -> None:
    assert age_words(age) == words
