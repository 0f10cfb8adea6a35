"""`billtrail up` as a process: commands work through it, it owns the data alone, it ends in order."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from billtrail.platform.ownership import CARD_NAME, Ports, find_owner
from tests.cli.terminal import Said, staying, type_words, wait_for_line

LOG = Path(__file__).parent / "samples" / "one_contract.json"
TRIES = 60
SPAN: dict[str, Any] = {
    "resourceSpans": [
        {
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "hub"}}]},
            "scopeSpans": [
                {
                    "spans": [
                        {
                            "traceId": "5b8efff798038103d269b633813fc60c",
                            "spanId": "eee19b7ec3c1b174",
                            "name": "sync",
                            "startTimeUnixNano": "1770000000000000000",
                            "endTimeUnixNano": "1770000000500000000",
                            "attributes": [
                                {"key": "billtrail.correlation_id", "value": {"stringValue": "run-1"}},
                                {"key": "billtrail.system", "value": {"stringValue": "crm"}},
                                {"key": "billtrail.object.project", "value": {"stringValue": "P-1"}},
                            ],
                        }
                    ]
                }
            ],
        }
    ]
}


@dataclass(frozen=True)
class Running:
    folder: Path
    process: "subprocess.Popen[str]"
    ports: Ports

    def says(self, *words: str) -> Said:
        return type_words(*words, cwd=self.folder)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("up")
    with staying("up", "--no-dashboards", "--http-port", "0", "--read-port", "0", cwd=folder) as process:
        wait_for_line(process, "Ctrl-C stops it")
        owner = find_owner(folder / "billtrail-data")
        assert owner is not None
        assert owner.pid == process.pid
        yield Running(folder, process, owner.ports)


def test_it_is_healthy(running: Running) -> None:
    answer = httpx.get(f"{running.ports.http_url}/api/v1/health").json()
    assert answer["ready"]
    assert httpx.get(f"{running.ports.http_url}/readyz").json() == {"ready": True, "ailments": []}
    assert {"store", "correlators", "slos", "alerts"} <= {check["name"] for check in answer["checks"]}
    assert "billtrail_loop_turns_total" in httpx.get(f"{running.ports.http_url}/metrics").text


def test_it_owns_the_data_alone(running: Running) -> None:
    for words in (("up",), ("schema", "plan")):
        said = running.says(*words)
        assert said.code == 1
        assert f"(pid {running.process.pid})" in said.err


def test_an_import_goes_through_it_and_is_found_through_it(running: Running) -> None:
    report = running.says("import", str(LOG), "--source", "crm", "--json").json
    assert (report["events"], report["objects"]) == (3, 3)
    said = next(said for _ in range(TRIES) if (said := running.says("trace", "C-1", "--json")).code == 0)
    assert said.json[0]["lifecycle"]["lifecycle_id"] == "crm:contract:C-1"


def test_what_a_span_alone_carries_leads_to_the_contract_it_names(running: Running) -> None:
    said = httpx.post(f"{running.ports.http_url}/v1/traces", json=SPAN)
    assert said.status_code == 200
    for id in ("run-1", "5B8EFFF798038103D269B633813FC60C"):
        found = next(said for _ in range(TRIES) if (said := running.says("trace", id, "--why", "--json")).code == 0)
        assert [(one["lifecycle_id"], one["why"][0]["object_key"]) for one in found.json] == [
            ("crm:contract:C-1", "crm:project:P-1")
        ]


def test_no_id_finds_nothing(running: Running) -> None:
    assert (running.says("trace", " ").code, running.says("trace", " C-1 ").code) == (1, 0)


def test_a_wrong_log_is_told_through_it(running: Running, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    said = running.says("import", str(tmp_path / "notes.txt"))
    assert said.code == 1
    assert "expected an OCEL 2.0 log in JSON, XML or SQLite" in said.err


def test_the_promises_are_in_force(running: Running) -> None:
    said = next(said for _ in range(TRIES) if (said := running.says("slo", "list", "--json")).json)
    assert "project-setup" in [row["sla"] for row in said.json]


def test_the_doctor_asks_it(running: Running) -> None:
    findings = {one["check"]: one["state"] for one in running.says("doctor", "--json").json}
    assert findings["platform: store"] == "ok"


def test_a_taken_port_is_an_error_of_the_start(running: Running, tmp_path: Path) -> None:
    said = type_words("up", "--no-dashboards", "--http-port", str(running.ports.http), "--read-port", "0", cwd=tmp_path)
    assert said.code == 2
    assert str(running.ports.http) in said.err
    assert find_owner(tmp_path / "billtrail-data") is None


def test_a_taken_port_of_the_pages_is_one_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        words = ("--dashboards-port", port, "--http-port", "0", "--read-port", "0", "--grpc-port", "-1")
        said = type_words("up", *words, cwd=tmp_path)
    assert said.code == 2
    assert f"port {port} for dashboards cannot be listened on" in said.err
    assert "--dashboards-port" in said.err


def test_a_start_that_is_refused_leaves_nothing(tmp_path: Path) -> None:
    words = ("up", "--no-dashboards", "--http-port", "0", "--read-port", "0")
    said = type_words(*words, cwd=tmp_path, BILLTRAIL_COLLECTOR_HTTP_HOST="0.0.0.0")
    assert (said.code, "without a token" in said.err) == (2, True)
    assert list(tmp_path.iterdir()) == []
    kept = tmp_path / "billtrail-data" / "kept"
    kept.parent.mkdir()
    kept.touch()
    assert type_words(*words, cwd=tmp_path, BILLTRAIL_COLLECTOR_HTTP_HOST="0.0.0.0").code == 2
    assert kept.exists()


def test_a_start_that_ends_after_the_doors_listened_keeps_what_they_may_have_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ("up", "--http-port", "0", "--read-port", "0", "--dashboards-port", port)
        said = type_words(*words, cwd=tmp_path)
    assert said.code == 2, said.err
    assert (tmp_path / "billtrail-data" / "store").exists()


def test_commands_find_it_wherever_it_listens(tmp_path: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")
    words = ("up", "--no-dashboards", "--http-port", "0", "--read-port", "0")
    hosts = {"BILLTRAIL_COLLECTOR_HTTP_HOST": "::1", "BILLTRAIL_READ_HOST": "::1"}
    with staying(*words, cwd=tmp_path, **hosts) as process:
        assert "http://[::1]:" in wait_for_line(process, "Ctrl-C stops it")
        assert type_words("import", str(LOG), "--source", "crm", "--json", cwd=tmp_path).json["events"] == 3
        assert type_words("sources", "list", "--json", cwd=tmp_path).code == 0
        findings = {one["check"]: one["state"] for one in type_words("doctor", "--json", cwd=tmp_path).json}
        assert findings["platform: store"] == "ok"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(number: signal.Signals, tmp_path: Path) -> None:
    with staying("up", "--no-dashboards", "--http-port", "0", "--read-port", "0", cwd=tmp_path) as process:
        wait_for_line(process, "Ctrl-C stops it")
        process.send_signal(number)
        process.send_signal(number)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in told
    assert not (tmp_path / "billtrail-data" / CARD_NAME).exists()
