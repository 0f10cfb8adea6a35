"""The three pages as people see them."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from tests.browser.conftest import Serve
from tests.dashboards.conftest import SeededFirm

pytestmark = pytest.mark.browser


def test_the_executive_page_draws_every_figure(page: Page, pages: str) -> None:
    page.goto(pages)
    expect(page.locator(".bt-card")).to_have_count(5)
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    expect(page.get_by_text("Time to bill, median")).to_be_visible()
    expect(page.locator(".bt-error")).to_have_count(0)


def test_a_filter_narrows_the_figures(page: Page, pages: str, firm: SeededFirm) -> None:
    page.goto(pages)
    page.get_by_label("Legal entity", exact=True).first.click()
    page.get_by_role("option", name="UK01").click()
    opened = sum(1 for row in firm.lifecycles if row["legal_entity"] == "UK01" and row["state"] in ("open", "failed"))
    expect(page.locator(".bt-card .value").first).to_have_text(str(opened))
    expect(page.locator(".bt-error")).to_have_count(0)


def test_the_currency_is_chosen_and_never_added_up(page: Page, pages: str) -> None:
    page.goto(pages)
    page.get_by_role("radio", name="GBP").or_(page.get_by_role("button", name="GBP")).first.click()
    expect(page.get_by_text("Unbilled, in GBP")).to_be_visible()
    expect(page.locator(".bt-card .value").nth(2)).to_have_text(re.compile("^GBP "))


def test_an_invoice_leads_to_its_contract(page: Page, pages: str, firm: SeededFirm) -> None:
    lifecycle = _billed(firm)
    page.goto(f"{pages}/trace")
    expect(page.get_by_text("Which contract?")).to_be_visible()
    page.get_by_placeholder(re.compile("Invoice 8841")).fill(lifecycle["billings"][0][0].split(":")[2])
    page.keyboard.press("Enter")
    expect(page.locator(".bt-contract h2")).to_have_text(lifecycle["client"])
    expect(page.locator(".bt-contract .bt-key")).to_have_text(lifecycle["lifecycle_id"])
    expect(page.locator(".bt-step").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    assert "id=" in page.url


def test_a_link_opens_the_contract_at_once(page: Page, pages: str, firm: SeededFirm) -> None:
    lifecycle = _billed(firm)
    page.goto(f"{pages}/trace?id={lifecycle['billings'][0][0]}")
    expect(page.locator(".bt-contract h2")).to_have_text(lifecycle["client"])
    for tab in ("Findings and alerts", "Failures", "Events", "Records"):
        page.get_by_role("tab", name=re.compile(tab)).click()
    expect(page.get_by_text("Why they belong together")).to_be_visible()
    expect(page.locator(".bt-error")).to_have_count(0)


def test_a_failed_run_tells_what_it_said(page: Page, pages: str, firm: SeededFirm) -> None:
    failed = firm.reader.query("SELECT correlation_id FROM lifecycle_events WHERE outcome = 'failure' LIMIT 1")
    page.goto(f"{pages}/trace?id={failed[0]['correlation_id']}")
    page.get_by_role("tab", name=re.compile("Failures")).click()
    expect(page.get_by_text("Events that report a failure")).to_be_visible()
    expect(page.get_by_text("Spans that failed")).to_be_visible()


def test_an_ambiguous_name_lists_the_contracts(page: Page, pages: str) -> None:
    page.goto(f"{pages}/trace?id=Kestrel")
    expect(page.get_by_text("The id leads to all of these")).to_be_visible()
    page.get_by_role("link", name=re.compile("Kestrel Rail")).first.click()
    expect(page.locator(".bt-contract h2")).to_have_text("Kestrel Rail")


def test_what_nobody_knows_is_said_so_and_never_run(page: Page, pages: str) -> None:
    page.goto(f"{pages}/trace?id=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'run'%22%3E")
    expect(page.get_by_text("Nothing is known by")).to_be_visible()
    assert page.title() != "run"


def test_the_on_call_page_ranks_by_money_and_leads_to_the_trace(page: Page, pages: str) -> None:
    page.goto(f"{pages}/on-call")
    expect(page.locator("[class*=st-key-alert-]").first).to_be_visible()
    for panel in ("notifications", "letters", "sources"):
        expect(page.locator(f".st-key-panel-{panel} table")).to_be_visible()
    page.get_by_role("link", name="Trace").nth(1).click()
    expect(page.locator(".bt-contract h2")).to_be_visible()


def test_an_empty_store_says_what_to_do(page: Page, empty_pages: str) -> None:
    page.goto(empty_pages)
    expect(page.get_by_text("billtrail up --demo")).to_be_visible()
    page.goto(f"{empty_pages}/on-call")
    expect(page.get_by_text("Nothing is on fire")).to_be_visible()
    page.goto(f"{empty_pages}/trace?id=8841")
    expect(page.get_by_text("Nothing is known by")).to_be_visible()


@pytest.mark.parametrize("path", ["", "/on-call", "/trace?id=8841"])
def test_a_store_that_is_away_is_an_error_and_no_empty_figure(page: Page, lost_pages: str, path: str) -> None:
    page.goto(lost_pages + path)
    expect(page.get_by_role("alert")).to_contain_text("The store does not answer")
    expect(page.locator(".bt-card, .js-plotly-plot")).to_have_count(0)


def test_a_token_is_asked_for(page: Page, serve: Serve, firm: SeededFirm) -> None:
    page.goto(serve(firm.reader.settings, token=SecretStr("s3cret")))
    page.get_by_label("Access token").fill("wrong")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("not the configured token")).to_be_visible()
    expect(page.locator(".bt-card")).to_have_count(0)
    page.get_by_label("Access token").fill("s3cret")
    page.get_by_role("button", name="Open").click()
    expect(page.locator(".bt-card").first).to_be_visible()


def _billed(firm: SeededFirm) -> dict[str, Any]:
    return next(row for row in firm.lifecycles if row["billings"])
