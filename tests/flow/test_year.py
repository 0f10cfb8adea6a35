"""A year of history with breaches that are known beforehand: every one of them is found, and no other.

Quarter by quarter through the door, the journal, the correlators and the judge, with events that come a quarter late;
what is expected is counted minute by minute (`tests/flow/minutes.py`).
"""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry

from billtrail.store import Store
from collector.run import Collector
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from slos.judge import Judge
from slos.settings import SlosSettings
from tests.flow.minutes import instant
from tests.flow.year_firm import NOW, YearFirm
from tests.support.clock import SteppedClock
from tests.support.store import drop_test_store, open_test_store

ENDS = [datetime(2026, month, 1, tzinfo=UTC) for month in (4, 7, 10)] + [NOW]
CHANGES = [datetime(2026, *day, tzinfo=UTC) for day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1))]
OVER = {"over": ["lifecycle_superseded", "start_withdrawn"]}
LATE = {"missed", "breached"}


@pytest.fixture(scope="module")
def told(engine_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, YearFirm]]:
    firm, clock = YearFirm(2026), SteppedClock(datetime(2026, 1, 1, tzinfo=UTC))
    year = firm.make()
    store = open_test_store(engine_path)
    room = store.another()
    correlators = Correlators(room, clock, CorrelatorsSettings())
    judge = Judge(room, clock, SlosSettings())
    door = CollectorSettings(http_port=0, journal_dir=tmp_path_factory.mktemp("journal"))
    collector = Collector(door, store, clock, CollectorRegistry())
    collector.start()
    sent = 0
    for quarter, end in enumerate(ENDS):
        clock.step(seconds=(end - clock.now()).total_seconds())
        batch = [event for _, arrives, event in year.events if arrives == quarter]
        answer = httpx.post(
            f"http://127.0.0.1:{collector.http_port}/v1/events",
            json=batch,
            headers={"content-type": "application/cloudevents-batch+json"},
            timeout=60,
        )
        assert answer.is_success, answer.text
        sent += len(batch)
        wait_until_loaded(room, sent)
        correlators.drain()
        judge.step()
    collector.stop()
    yield store, firm
    room.close()
    drop_test_store(store)


LOADED = """
SELECT count() AS n FROM event_versions
WHERE segment IN (SELECT segment FROM segment_ledger WHERE stream = 'events' AND stage = 'loaded')
"""


def wait_until_loaded(store: Store, events: int) -> None:
    deadline, pause = time.monotonic() + 90, threading.Event()
    while store.query(LOADED)[0]["n"] < events:
        assert time.monotonic() < deadline, f"{events} events were accepted and are not there"
        pause.wait(0.05)


def test_every_breach_of_the_year_is_found_and_no_other(told: tuple[Store, YearFirm]) -> None:
    store, firm = told
    clusters = {
        row["object_key"]: row["cluster_key"] for row in store.query("SELECT object_key, cluster_key FROM objects")
    }
    # What is told of before its contract or before its other name has a clock as it was known then; that one is over.
    rows = store.query("SELECT sla, subject_key, state FROM sla_clocks WHERE reason NOT IN {over:Array(String)}", OVER)
    found = {(row["sla"], row["subject_key"]): row["state"].replace("at_risk", "running") for row in rows}
    expected = {(sla, clusters[key]): state for (sla, key), state in firm.expected().items()}
    assert len(rows) == len(found)
    assert {key: (state, expected.get(key)) for key, state in found.items() if state != expected.get(key)} == {}
    assert found == expected
    assert store.query("SELECT count() AS n FROM dead_letters") == [{"n": 0}]


def test_the_year_holds_what_is_hard(told: tuple[Store, YearFirm]) -> None:
    """Enough of every ending, of every SLA, and breaches on days on which the clocks change, or nothing is shown."""
    store, firm = told
    expected = firm.expected()
    states = list(expected.values())
    for state in ("met", "missed", "breached", "running", "paused", "cancelled"):
        assert states.count(state) >= 3 - 2 * (state == "paused"), (state, states.count(state))
    assert sum(state in LATE for state in states) >= 60
    assert {sla for (sla, _), state in expected.items() if state in LATE} == {sla for sla, _ in expected}
    starts = [instant(promise.start) for promise in firm.year.promises]
    assert sum(any(abs(at - change) < timedelta(days=3) for change in CHANGES) for at in starts) >= 20
    restated = store.query(
        "SELECT count() AS n FROM (SELECT groupArray(state) AS states FROM clock_verdicts"
        " GROUP BY sla, lifecycle_id, subject_key HAVING has(states, 'breached') AND has(states, 'met'))"
    )
    assert restated[0]["n"] >= 2
