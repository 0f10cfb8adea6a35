"""The alertmanager channel against the real Alertmanager."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from billtrail.store import Store
from tests.alerts.conftest import OpenRoom
from tests.alerts.firm import SUBJECT, judge, promise, verdict
from tests.alerts.receiver import free_port
from tests.support.clock import SteppedClock

BINARY = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
CONFIG = "route:\n  receiver: nobody\n  group_wait: 0s\nreceivers:\n  - name: nobody\n"

pytestmark = pytest.mark.skipif(
    BINARY is None, reason="Alertmanager is not installed (Debian: prometheus-alertmanager)"
)


@pytest.fixture
def alertmanager(tmp_path: Path) -> Iterator[str]:
    config = tmp_path / "alertmanager.yml"
    config.write_text(CONFIG, encoding="utf-8")
    address = f"127.0.0.1:{free_port()}"
    words = [f"--config.file={config}", f"--storage.path={tmp_path / 'data'}", "--cluster.listen-address="]
    process = subprocess.Popen(
        [str(BINARY), *words, f"--web.listen-address={address}"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Listening on" in line or "Server listening" in line or f"address={address}" in line:
            break
    drain = threading.Thread(target=process.stderr.read, daemon=True)
    drain.start()
    yield f"http://{address}"
    process.terminate()
    process.wait(20)
    drain.join(20)
    process.stderr.close()


@pytest.fixture
def clock() -> SteppedClock:
    """Alertmanager lives by its own clock: this one starts there."""
    return SteppedClock(datetime.now(UTC).replace(microsecond=0))


def known(url: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = httpx.get(f"{url}/api/v2/alerts").json()
    return answer


def test_a_real_alertmanager_shows_the_alert_and_its_end(
    store: Store, clock: SteppedClock, alertmanager: str, open_room: OpenRoom
) -> None:
    promise(store)
    judge(store, verdict(clock.now() - timedelta(seconds=90)))
    room = open_room(f"alertmanager+{alertmanager}", group_interval_s=1, dashboards_url="http://localhost:8501")
    room.step()
    (shown,) = known(alertmanager)
    assert shown["labels"]["subject"] == SUBJECT
    assert shown["annotations"]["value_at_risk"] == "EUR 1200.00"
    assert shown["annotations"]["summary"].startswith(f"Time entry {SUBJECT} of Acme GmbH was approved 3 days ago")
    assert shown["generatorURL"] == "http://localhost:8501/trace?id=psa%3Atime_entry%3ATE-77"
    assert shown["status"]["state"] in ("active", "unprocessed")
    assert datetime.fromisoformat(shown["endsAt"]) > datetime.now(UTC) + timedelta(hours=7)

    judge(store, verdict(clock.now() - timedelta(seconds=60), "missed"))
    room.step()
    clock.step(seconds=1)
    room.step()
    assert [row["outcome"] for row in store.query("SELECT outcome FROM notifications")] == ["sent", "sent"]
    assert [alert for alert in known(alertmanager) if datetime.fromisoformat(alert["endsAt"]) > datetime.now(UTC)] == []


def test_an_alertmanager_that_is_away_is_tried_again(store: Store, clock: SteppedClock, open_room: OpenRoom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    judge(store, verdict(clock.now()))
    open_room(f"alertmanager+http://127.0.0.1:{port}").step()
    rows = store.query("SELECT outcome, reason FROM notifications ORDER BY attempt")
    assert [row["outcome"] for row in rows] == ["failed", "pending"]
    assert rows[0]["reason"].endswith("did not answer: ConnectError")
