"""Who owns a data folder: one process at a time, believed only while it lives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from billtrail.errors import StoreError
from billtrail.platform.ownership import CARD_NAME, Ownership, Ports, find_owner
from tests.support.clock import SteppedClock

HOLD = """
import sys
from pathlib import Path
from billtrail.clock import SystemClock
from billtrail.platform.ownership import Ownership
held = Ownership.claim(Path(sys.argv[1]), "up", SystemClock())
print("claimed", flush=True)
sys.stdin.read()
"""


def test_nobody_owns_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert find_owner(tmp_path / "none") is None


def test_the_owner_is_told_with_its_ports(tmp_path: Path, clock: SteppedClock) -> None:
    ownership = Ownership.claim(tmp_path, "up", clock)
    ownership.announce(Ports(http=4318, read=8123))
    owner = find_owner(tmp_path)
    assert owner is not None
    assert (owner.pid, owner.command, owner.ports.http, owner.is_platform) == (os.getpid(), "up", 4318, True)
    ownership.release()


def test_after_a_release_nobody_owns_it(tmp_path: Path, clock: SteppedClock) -> None:
    Ownership.claim(tmp_path, "up", clock).release()
    assert find_owner(tmp_path) is None
    Ownership.claim(tmp_path, "up", clock).release()


def test_another_process_is_refused_with_the_pid_of_the_owner(tmp_path: Path, clock: SteppedClock) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "claimed\n"
        with pytest.raises(StoreError, match=rf"belongs to `billtrail up` \(pid {holder.pid}\)"):
            Ownership.claim(tmp_path, "import", clock)
        holder.kill()
    assert (tmp_path / CARD_NAME).exists(), "a killed process leaves its card behind"
    assert find_owner(tmp_path) is None, "and nobody believes it"
    Ownership.claim(tmp_path, "import", clock).release()


def test_an_owner_without_a_readable_card_is_still_an_owner(tmp_path: Path, clock: SteppedClock) -> None:
    ownership = Ownership.claim(tmp_path, "up", clock)
    (tmp_path / CARD_NAME).write_text("{", encoding="utf-8")
    owner = find_owner(tmp_path)
    assert owner is not None
    assert owner.describe() == "a process that is just starting"
    ownership.release()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("192.168.1.5", "http://192.168.1.5:8123"),
        ("store.example", "http://store.example:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("", "http://127.0.0.1:8123"),
        ("::", "http://[::1]:8123"),
        ("::1", "http://[::1]:8123"),
        ("fd00::2", "http://[fd00::2]:8123"),
    ],
)
def test_a_port_is_reached_where_it_listens(host: str, url: str) -> None:
    ports = Ports(http_host=host, http=8123, read_host=host, read=8123, dashboards_host=host, dashboards=8123)
    assert {ports.http_url, ports.read_url, ports.dashboards_url} == {url}
    assert f"http://{Ports(grpc_host=host, grpc=8123).grpc_address}" == url
