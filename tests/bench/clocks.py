"""Clocks: a million running ones judged when none, some and all of them change, and closed ones restated.

Reference: one pass of the engine over the same million rows, all their columns hashed: what looking at them costs.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from billtrail.store import Store, StoreSettings, open_store
from slos import Judge, SlosSettings
from tests.bench.figure import Figure
from tests.slos.firm import Firm
from tests.support.clock import NOON, SteppedClock

RUNNING = 1_000_000
CLOSED = 100_000
SLA = "invoice-status-propagation"
PUT_CLOCKS = """
INSERT INTO clock_verdicts
(
    sla, lifecycle_id, subject_key, known_at, state, reason, calendar, started_at, at_risk_at, due_at,
    value_at_risk, currency, owner, client, region, legal_entity, billing_model
)
SELECT
    'invoice-status-propagation', concat('crm:contract:', toString(intDiv(number, 10))),
    concat('erp:invoice:', toString(number)), now_at, 'running', 'in_time', 'de-business', now_at,
    now_at + toIntervalMinute(120 + number % 60), now_at + toIntervalMinute(240 + number % 60), 1000 + number % 777,
    'EUR', 'integration-team', concat('Client ', toString(number % 500)), 'EMEA', 'DE01', 'fixed_fee'
FROM (SELECT number, {now:DateTime64(3, 'UTC')} AS now_at FROM numbers({count:UInt64}))
"""
PUT_LIFECYCLES = """
INSERT INTO lifecycle_rows
    (lifecycle_id, root_key, kind, journey, client, region, legal_entity, billing_model, currency, state, version)
SELECT
    concat('crm:contract:X', toString(number)) AS id, id, 'contract', 'quote_to_cash', 'Acme', 'EMEA', 'DE01',
    'fixed_fee', 'EUR', 'open', 1
FROM numbers({count:UInt64})
"""
PUT_MILESTONES = """
INSERT INTO milestone_rows
    (lifecycle_id, milestone, subject_key, object_type, reached_at, outcome, amount, currency, version)
SELECT
    concat('crm:contract:X', toString(intDiv(number, 10))),
    arrayJoin(['invoice_issued', 'invoice_visible_in_crm']) AS milestone,
    concat('erp:invoice:X', toString(number)), 'invoice',
    {now:DateTime64(3, 'UTC')} + toIntervalMinute(milestone = 'invoice_issued' ? 0 : 60 + number % 120),
    'success', 1000, 'EUR', 1
FROM numbers({count:UInt64})
"""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(StoreSettings(data=Path(folder) / "data"))
        definitions = Path(shutil.copytree(SlosSettings().definitions, Path(folder) / "definitions"))
        figures = [*measure_running(store), *measure_closed(store, definitions)]
        store.close()
    return figures


def measure_running(store: Store) -> list[Figure]:
    """Judge a million clocks: nothing passed, a thousandth passed, all passed."""
    Firm(store)
    clock = SteppedClock()
    judge = Judge(store, clock, SlosSettings())
    judge.step()
    store.command(PUT_CLOCKS, {"now": NOON, "count": RUNNING})
    clock.step(minutes=1)
    judge.step()
    clock.step(minutes=1)
    quiet_s = timed(judge.step)
    reference_s = timed(lambda: store.query("SELECT sum(cityHash64(*)) FROM clock_rows"))
    clock.step(minutes=118, seconds=1)
    some_s = timed(judge.step)
    clock.step(hours=5)
    all_s = timed(judge.step)
    size = f"{RUNNING:,} running clocks judged"
    reference = ("reading them all", reference_s * 1000)
    return [
        Figure(f"{size}, none changes", quiet_s * 1000, "ms", "< 2,000", *reference),
        Figure(f"{size}, one in sixty changes", some_s * 1000, "ms", "< 2,000", *reference),
        Figure(f"{size}, every one changes", all_s * 1000, "ms", "< 2,000", *reference),
    ]


def measure_closed(store: Store, definitions: Path) -> list[Figure]:
    """Restate closed clocks because their promise was changed."""
    for table in ("clock_rows", "clock_verdicts", "loop_cursors"):
        store.command(f"TRUNCATE TABLE {table}")
    store.command(PUT_LIFECYCLES, {"count": CLOSED // 10})
    store.command(PUT_MILESTONES, {"now": NOON, "count": CLOSED})
    clock = SteppedClock(NOON + timedelta(days=1))
    judge = Judge(store, clock, SlosSettings(definitions=definitions))
    judge.step()
    file = definitions / f"{SLA}.yaml"
    file.write_text(file.read_text("utf-8").replace("duration: 4h", "duration: 2h"), "utf-8")
    clock.step(minutes=1)
    judge.reload()
    restated: list[int] = []
    seconds = timed(lambda: restated.append(judge.step()))
    return [Figure(f"{restated[0]:,} closed clocks restated", seconds * 1000, "ms", "< 5,000")]


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
