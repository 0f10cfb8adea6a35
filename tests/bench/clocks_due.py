"""From a clock's due time to the alert on it, in real time: the platform's own loops, many clocks falling due.

Seen is what another lane can read: it looks for new verdicts and alerts every 20 ms and notes when it first saw each.
"""

import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import alerts.run
import slos.run
from alerts.settings import AlertsSettings
from billtrail.clock import SystemClock
from billtrail.store import Store, StoreSettings, open_store
from slos.settings import SlosSettings
from tests.bench.figure import Figure
from tests.slos.firm import Firm

SECONDS, DUE, OTHERS = 15.0, 1_500, 200_000
LOOK_EVERY_S = 0.02
PUT_CLOCKS = """
INSERT INTO clock_verdicts
(
    sla, lifecycle_id, subject_key, known_at, state, reason, calendar, started_at, at_risk_at, due_at,
    value_at_risk, currency, owner, client, region, legal_entity, billing_model
)
SELECT
    'portfolio-refresh-latency', concat('crm:contract:', toString(intDiv(number, 10))),
    concat('psa:status_report:', {mark:String}, toString(number)), now_at, 'running', 'in_time', 'always',
    now_at - toIntervalHour(2), due_at, due_at, 1000, 'EUR', 'integration-team',
    'Acme', 'EMEA', 'DE01', 'fixed_fee'
FROM
(
    SELECT
        number, {now:DateTime64(3, 'UTC')} AS now_at,
        {first:DateTime64(3, 'UTC')} + toIntervalMillisecond(toInt64(number * {apart_ms:Float64})) AS due_at
    FROM numbers({count:UInt64})
)
"""
VERDICTS = "SELECT subject_key FROM clock_verdicts WHERE state = 'breached'"
ALERTS = "SELECT subject AS subject_key FROM alert_rows WHERE subject LIKE '%:soon-%'"
DUE_TIMES = "SELECT subject_key, due_at FROM clock_rows WHERE subject_key LIKE '%:soon-%'"


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(StoreSettings(data=Path(folder) / "data"))
        Firm(store)
        stop = threading.Event()
        loops = [start(store, stop, slos.run.run_forever, SlosSettings())]
        loops.append(
            start(store, stop, alerts.run.run_forever, AlertsSettings(receivers=("console:",), group_wait_s=3600))
        )
        wait_until(lambda: bool(store.query("SELECT 1 FROM loop_cursors WHERE loop = 'slos' LIMIT 1")))
        put_clocks(store)
        delays = watch(store)
        stop.set()
        for loop in loops:
            loop.join(60)
        store.close()
    size = f"{DUE:,} of {DUE + OTHERS:,} clocks falling due in {SECONDS:g} s"
    return [
        Figure(f"clock due to {what} visible, p95 ({size})", percentile(found, 95) * 1000, "ms", promise)
        for (what, promise), found in zip((("verdict", ""), ("alert", "< 2,000")), delays, strict=True)
    ]


def start(store: Store, stop: threading.Event, run: Callable[..., None], settings: object) -> threading.Thread:
    thread = threading.Thread(target=run, args=(store.another(), SystemClock(), settings, stop), daemon=True)
    thread.start()
    return thread


def put_clocks(store: Store) -> None:
    """Write clocks that fall due one after the other, and many that do not."""
    now = datetime.now(UTC)
    later = {"now": now, "first": now + timedelta(days=1), "apart_ms": 10.0, "count": OTHERS, "mark": "later-"}
    store.command(PUT_CLOCKS, later)
    now = datetime.now(UTC)
    first = now + timedelta(seconds=4)
    soon = {"now": now, "first": first, "apart_ms": SECONDS * 1000 / DUE, "count": DUE, "mark": "soon-"}
    store.command(PUT_CLOCKS, soon)


def watch(store: Store) -> tuple[list[float], list[float]]:
    """Look until every alert is there. Shape: the seconds from each due time, to its verdict and to its alert."""
    due = {row["subject_key"]: row["due_at"] for row in store.query(DUE_TIMES)}
    seen: tuple[dict[str, float], dict[str, float]] = ({}, {})
    deadline = time.monotonic() + SECONDS + 60
    while len(seen[1]) < DUE and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)
        for found, sql in zip(seen, (VERDICTS, ALERTS), strict=True):
            rows, at = store.query(sql), datetime.now(UTC)
            for row in rows:
                if (key := row["subject_key"]) not in found:
                    found[key] = (at - due[key]).total_seconds()
    if len(seen[1]) < DUE:
        raise AssertionError(f"{DUE} clocks fell due, {len(seen[0])} verdicts and {len(seen[1])} alerts were seen")
    return list(seen[0].values()), list(seen[1].values())


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)


def percentile(values: list[float], share: int) -> float:
    return sorted(values)[len(values) * share // 100]
