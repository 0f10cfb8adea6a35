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
    same = type_words("slo", "backtest", "--data", str(data), "--json", cwd=tmp_path)
    assert (same.json["changes"], same.json["same"]) == ([], 1)
    folder = Path(shutil.copytree(ROOT / "slos" / "definitions", tmp_path / "definitions"))
    file = folder / f"{SLA}.yaml"
    file.write_text(file.read_text("utf-8").replace("duration: 4h", "duration: 2h"), "utf-8")
    said = type_words("slo", "backtest", str(folder), "--data", str(data), cwd=tmp_path)
    assert said.code == 0, said.err
    assert "pages: 1 came, 0 gone, 1 moved, 0 the same" in said.out
    again = type_words("slo", "backtest", "--data", str(data), "--json", cwd=tmp_path)
    assert again.json["changes"] == []


def test_rules_for_prometheus(tmp_path: Path) -> None:
    said = type_words("slo", "rules", cwd=tmp_path)
    assert f"billtrail-{SLA}" in {group["name"] for group in yaml.safe_load(said.out)["groups"]}
