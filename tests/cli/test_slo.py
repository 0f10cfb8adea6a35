"""`billtrail slo report|backtest|rules` over a small firm whose invoices are late or not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.terminal import ROOT, type_words

SLA = "invoice-status-propagation"
FILL = """
import sys
from pathlib import Path
from billtrail.store import StoreSettings, open_store
from tests.slos.firm import Firm, hours, judge_for
from tests.support.clock import NOON, SteppedClock

store, clock = open_store(StoreSettings(data=Path(sys.argv[1]))), SteppedClock()
firm = Firm(store)
firm.know("C-1")
for number, visible_after_h in enumerate((1, 3, None)):
    firm.reach("C-1", "invoice_issued", NOON, subject=f"erp:invoice:{number}")
    if visible_after_h:
        firm.reach("C-1", "invoice_visible_in_crm", NOON + hours(visible_after_h), subject=f"erp:invoice:{number}")
clock.step(days=1)
judge_for(store, clock).step()
store.close()
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("firm") / "data"
    subprocess.run([sys.executable, "-c", FILL, str(folder)], cwd=ROOT, check=True, timeout=120)
    return folder


def test_a_report_of_a_month(data: Path, tmp_path: Path) -> None:
    said = type_words("slo", "report", "2026-03", "--data", str(data), "--json", cwd=tmp_path)
    row = next(row for row in said.json if row["sla"] == SLA)
    assert (row["met_now"], row["late_now"], row["met_then"], row["late_then"]) == (2, 1, 2, 1)
    assert SLA in type_words("slo", "report", "2026-03", "--data", str(data), cwd=tmp_path).out
    wrong = type_words("slo", "report", "March", "--data", str(data), cwd=tmp_path)
    assert (wrong.code, "2026-Q3" in wrong.err) == (2, True)


def test_a_backtest_says_which_pages_would_have_come_and_touches_nothing(data: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "slos" / "definitions", tmp_path / "definitions"))
    file = folder / f"{SLA}.yaml"
    file.write_text(file.read_text("utf-8").replace("duration: 4h", "duration: 2h"), "utf-8")
    said = type_words("slo", "backtest", str(folder), "--data", str(data), cwd=tmp_path)
    assert said.code == 0, said.err
    assert "pages: 1 came, 0 gone, 1 moved, 0 the same" in said.out
    same = type_words("slo", "backtest", "--data", str(data), "--json", cwd=tmp_path)
    assert (same.json["changes"], same.json["same"]) == ([], 1)


def test_rules_for_prometheus(tmp_path: Path) -> None:
    said = type_words("slo", "rules", cwd=tmp_path)
    assert f"billtrail-{SLA}" in {group["name"] for group in yaml.safe_load(said.out)["groups"]}


JOURNEY_FILL = """
import sys
from pathlib import Path
from billtrail.store import StoreSettings, open_store
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from tests.slos.firm import judge_for
from tests.support.clock import SteppedClock
from tests.support.events import START, Event, put_events

store, clock = open_store(StoreSettings(data=Path(sys.argv[1]))), SteppedClock(START)
facts = {"client": "Acme", "region": "EMEA", "legal_entity": "DE01", "billing_model": "fixed_fee"}
contract, project, invoice = "crm:contract:1", "psa:project:1", "erp:invoice:1"
events = [
    Event("1", "contract.signed", ((contract, "subject"),), **facts),
    Event("2", "project.created", ((project, "subject"), (contract, "part_of"))),
    Event("3", "invoice.issued", ((invoice, "subject"), (project, "part_of")), hours=2, amount="100"),
    Event("4", "invoice.shown", (("crm:invoice:1", "subject"), (invoice, "same_as")), hours=3),
]
put_events(store, 1, events)
clock.step(hours=20)
Correlators(store, clock, CorrelatorsSettings()).drain()
judge_for(store, clock).step()
store.close()
"""


def test_a_backtest_of_a_changed_journey_correlates_the_events_again(tmp_path: Path) -> None:
    """A CRM that tells of a shown invoice by another word: known to the changed journey, its pages go."""
    data, journeys = tmp_path / "data", tmp_path / "journeys"
    subprocess.run([sys.executable, "-c", JOURNEY_FILL, str(data)], cwd=ROOT, check=True, timeout=120)
    text = (ROOT / "correlators" / "journeys" / "quote_to_cash.yaml").read_text("utf-8")
    journeys.mkdir()
    (journeys / "quote_to_cash.yaml").write_text(
        text.replace("event: invoice.status_synced", "event: invoice.shown"), "utf-8"
    )
    said = type_words("slo", "backtest", "--journeys", str(journeys), "--data", str(data), "--json", cwd=tmp_path)
    assert said.code == 0, said.err
    changes = [(one["change"], one["sla"], one["subject"]) for one in said.json["changes"]]
    assert ("gone", SLA, "crm:invoice:1") in changes or ("gone", SLA, "erp:invoice:1") in changes
    wrong = type_words("slo", "backtest", "--journeys", "nowhere", "--data", str(data), cwd=tmp_path)
    assert (wrong.code, "nowhere is no folder" in wrong.err) == (2, True)
