"""`billtrail link` beside a running platform and without one: decided, followed by lifecycles, listed, taken back."""

import threading
import time
from pathlib import Path

import httpx
import pytest

from billtrail.cli.link import tell
from billtrail.platform.ownership import find_owner
from correlators.link import LinkReport
from tests.cli.terminal import Said, staying, type_words, wait_for_line

UP = ("up", "--no-dashboards", "--http-port", "0", "--grpc-port", "-1", "--read-port", "0")
PROJECT, CONTRACT = "psa:project:P-9", "crm:contract:C-1"


def report_event(url: str, number: int, event_type: str, key: str) -> None:
    system, kind, identity = key.split(":")
    event = {"specversion": "1.0", "id": str(number), "source": f"/{system}", "type": event_type}
    event |= {"time": f"2026-03-02T10:0{number}:00Z", "datacontenttype": "application/json"}
    data = {"system": system, "objects": [{"type": kind, "id": identity}]}
    headers = {"content-type": "application/cloudevents+json"}
    answer = httpx.post(f"{url}/v1/events", json={**event, "data": data}, headers=headers, timeout=60)
    assert answer.is_success, answer.text


def lifecycle_of(folder: Path, key: str) -> str:
    said = type_words("trace", key, "--json", cwd=folder)
    return str(said.json[0]["lifecycle"]["lifecycle_id"]) if said.code == 0 else ""


def wait_for_lifecycle(folder: Path, key: str, expected: str) -> None:
    deadline, pause = time.monotonic() + 120, threading.Event()
    while (found := lifecycle_of(folder, key)) != expected:
        assert time.monotonic() < deadline, f"{key} is in {found!r}, not in {expected!r}"
        pause.wait(0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def decide(folder: Path, *words: str) -> Said:
    return type_words(*words, "--reason", "told on the phone", cwd=folder)


def test_a_project_nobody_tied_to_its_contract_is_brought_home_and_sent_away_again(folder: Path) -> None:
    with staying(*UP, cwd=folder) as process:
        wait_for_line(process, "Ctrl-C stops it")
        owner = find_owner(folder / "billtrail-data")
        assert owner
        report_event(owner.ports.http_url, 1, "contract.signed", CONTRACT)
        report_event(owner.ports.http_url, 2, "project.created", PROJECT)
        wait_for_lifecycle(folder, PROJECT, PROJECT)
        wait_for_lifecycle(folder, CONTRACT, CONTRACT)
        wrong = decide(folder, "link", CONTRACT, PROJECT)
        assert (wrong.code, "the part comes first" in wrong.err) == (2, True)
        bare = decide(folder, "link", "P-9", CONTRACT)
        assert (bare.code, "'P-9' is no object" in bare.err) == (2, True)
        said = decide(folder, "link", PROJECT, CONTRACT)
        assert f"{PROJECT} belongs to {CONTRACT}: decided" in said.out
        wait_for_lifecycle(folder, PROJECT, CONTRACT)
        why = type_words("trace", PROJECT, "--why", cwd=folder).out
        assert f"{PROJECT} part_of {CONTRACT}  (rule manual, manual, decided by " in why
        [listed] = type_words("links", "--json", cwd=folder).json
        assert (listed["from_key"], listed["decision"], listed["reason"]) == (PROJECT, "link", "told on the phone")
        process.terminate()
        process.communicate(timeout=120)
    undone = decide(folder, "link", PROJECT, CONTRACT, "--undo")
    assert "no longer decided" in undone.out, undone.err
    assert type_words("links", cwd=folder).out.strip() == "nobody has decided anything"


def test_what_still_ties_two_is_told_with_what_else_to_part(capsys: pytest.CaptureFixture[str]) -> None:
    step = {"from_key": "erp:project:9", "to_key": PROJECT, "kind": "same_as", "rule": "same-record", "event_id": "e1"}
    words = {"decision": "unlink", "from_key": PROJECT, "to_key": CONTRACT, "kind": "", "is_undone": False}
    pairs = [("erp:project:9", PROJECT), ("erp:project:9", CONTRACT)]
    report = {**words, "is_changed": True, "lifecycles": [CONTRACT], "still": [step], "instead": pairs}
    tell(LinkReport.model_validate(report), as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        f"{PROJECT} and {CONTRACT} hang together through others: decided; lifecycles: {CONTRACT}",
        f"  erp:project:9 same_as {PROJECT}  (rule same-record, proved by e1)",
        f"part also: billtrail unlink erp:project:9 {PROJECT}",
        f"or: billtrail unlink erp:project:9 {CONTRACT}",
    ]
