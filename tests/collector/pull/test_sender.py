"""The sender for NetSuite, run by node in a NetSuite of the test's: what it posts is checked by the door's own verifier
and mapped by the source's own document.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from billtrail.store import Store
from collector.mapping.catalogue import SHIPPED
from collector.mapping.read_source import read_source
from collector.mapping.trial import try_bodies
from collector.webhook.knock import Knock, Verdict
from collector.webhook.signatures import BilltrailVerifier
from tests.collector.webhook.signed import sign_billtrail

SENDER = SHIPPED / "netsuite" / "billtrail_sender.js"
HOST = Path(__file__).parent / "netsuite_host.js"
NOW_S = 1_775_120_400

INVOICE = {
    "type": "invoice", "id": 9401,
    "fields": {"tranid": "INV1", "total": 24000, "duedate": {"date": [2026, 4, 2]}, "externalid": None},
    "texts": {"currency": "EUR", "subsidiary": "DE01", "entity": "Zoë & Søn"},
    "sublists": {"item": [{"job": 2107, "charge": 8101, "amount": 24000}]},
}  # fmt: skip
PAYMENT = {
    "type": "customerpayment", "id": 77, "fields": {"payment": "24000.00"}, "texts": {"currency": "EUR"},
    "sublists": {"apply": [{"apply": True, "internalid": 9401, "amount": 24000},
                           {"apply": False, "internalid": 9402, "amount": 5}]},
}  # fmt: skip
CASES: dict[str, dict[str, Any]] = {
    "created": {"operation": "create", "record": INVOICE},
    "deleted": {"operation": "delete", "old": {"type": "invoice", "id": 9401}},
    "edited in a list": {"operation": "xedit", "record": {"type": "invoice", "id": 9401}, "loaded": INVOICE},
    "paid": {"operation": "create", "record": PAYMENT},
    "taken the second time": {"operation": "create", "record": INVOICE, "answers": [503, 200]},
    "never taken": {"operation": "create", "record": INVOICE, "answers": ["throw", 503]},
    "refused": {"operation": "create", "record": INVOICE, "answers": [401]},
}

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="NODE IS NOT INSTALLED: the sender itself was NOT run")


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    given = json.dumps({"script": str(SENDER), "cases": list(CASES.values())})
    done = subprocess.run(["node", str(HOST)], input=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


def knock(request: dict[str, Any]) -> Knock:
    headers = {name.lower(): value for name, value in request["headers"].items()}
    return Knock("POST", request["url"], headers, {}, request["body"].encode(), NOW_S)


@needs_node
def test_what_it_posts_is_signed_so_that_the_door_opens(said: dict[str, Any]) -> None:
    (request,) = said["created"]["requests"]
    assert request["url"] == "https://billtrail.example/v1/sources/netsuite"
    assert BilltrailVerifier().verify(knock(request), ["other", "hush"]) is Verdict.GENUINE
    assert BilltrailVerifier().verify(knock(request), ["other"]) is Verdict.FORGED
    by_hand = sign_billtrail("hush", request["body"].encode(), NOW_S)
    assert request["headers"]["Billtrail-Signature"] == by_hand["Billtrail-Signature"]


@needs_node
def test_what_it_posts_becomes_the_events_of_the_source(said: dict[str, Any], store: Store) -> None:
    bodies = [(name, said[name]["requests"][0]["body"]) for name in ("created", "deleted", "edited in a list", "paid")]
    told = [one.as_row() for one in try_bodies(store, read_source(SHIPPED / "netsuite"), bodies)]
    assert [(one["became"], one["objects"], one["amount"]) for one in told] == [
        ("invoice.issued", "netsuite:invoice:9401, netsuite:project:2107 (part_of), "
         "netsuite:billing_milestone:8101 (bills)", "24000.00 EUR"),
        ("invoice.cancelled", "netsuite:invoice:9401", ""),
        ("ignored", "", ""),
        ("payment.received", "netsuite:payment:77, netsuite:invoice:9401 (part_of)", "24000.00 EUR"),
    ]  # fmt: skip
    assert json.loads(bodies[0][1])["data"]["dueDate"] == "2026-05-02"
    assert json.loads(bodies[0][1])["data"]["customer"] == "Zoë & Søn"


@needs_node
def test_what_is_not_taken_is_tried_once_more_then_logged_whole(said: dict[str, Any]) -> None:
    tried = {name: len(said[name]["requests"]) for name in ("taken the second time", "never taken", "refused")}
    assert tried == {"taken the second time": 2, "never taken": 2, "refused": 1}
    assert said["taken the second time"]["logged"] == []
    (entry,) = said["never taken"]["logged"]
    reason, _, body = entry["details"].partition(" ")
    assert (entry["title"], reason) == ("billtrail: not sent", "503")
    assert json.loads(body)["id"] == "6f2b7c1e-0000-4000-8000-000000000004"


def test_the_signature_the_documentation_shows_is_one_the_door_takes() -> None:
    """The example of collector/sources/README.md, by hand."""
    text = (SHIPPED / "README.md").read_text(encoding="utf-8")
    signed = sign_billtrail("topsecret", b'{"id":"1"}', NOW_S)["Billtrail-Signature"]
    assert signed in text
    shown = Knock("POST", "", {"billtrail-signature": signed}, {}, b'{"id":"1"}', NOW_S)
    assert BilltrailVerifier().verify(shown, ["topsecret"]) is Verdict.GENUINE
