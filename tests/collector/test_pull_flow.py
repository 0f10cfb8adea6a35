"""Vendors that are asked or subscribed to, and dropped files: through the collector to the lifecycle of a contract."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from billtrail.errors import SettingsError
from collector.pull.authorize import sign_oauth1
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.collector.conftest import Running, Start
from tests.collector.pull.salesforce import Api, make_change, running_api
from tests.collector.pull.vendor import Asked, Vendor, running_vendor
from tests.support.clock import SteppedClock

CONTRACT = "800Qx000001f3KmIAI"
FILE = """\
id;type;time;system;object_type;object_id;parent_type;parent_system;parent_id;same_as_system;same_as_id;amount;currency
J-1;project.created;2026-03-05T09:00:00Z;netsuite;project;2107;;;;kantata;77;;
P-1;payment.received;2026-04-30T09:00:00Z;netsuite;payment;77;invoice;netsuite;9401;;;24000.00;EUR
"""
NAMES = ("consumer_key", "consumer_secret", "token_id", "token_secret")
LONGEST_S = 120


LINK = json.dumps({"external_references": [{"service_model": "Contract", "service_model_ref": CONTRACT}]})


def kantata(number: int, kind: str, payload: str, **told: Any) -> dict[str, Any]:
    at = f"2026-03-{number:02}T10:00:00Z"
    return {"id": str(number), "event_type": kind, "subject_changed_at": at, "created_at": at,
            "current_payload": payload, **told}  # fmt: skip


FEED = [
    kantata(1, "workspace:created", '{"title": "Relaunch"}', subject_id=77),
    kantata(
        2, "workspace:updated",
        LINK, subject_id=77,
    ),
    kantata(
        3, "billing_milestone:approved", '{"amount_in_cents": 2400000, "currency": "EUR", "workspace_id": "77"}',
        subject_id=501, context_workspace_id="77",
    ),
]  # fmt: skip
INVOICE = {
    "id": "9401", "externalid": None, "tranid": "INV1", "project": "2107", "total": "24000.00", "customer": "Northwind",
    "currency": "EUR", "duedate": "2026-05-02", "createddate": "2026-04-02T09:00:00Z",
    "lastmodified": "2026-04-02T09:00:00Z",
}  # fmt: skip


class Firm:
    """Four systems of a firm. The feed of the PSA is busy at first."""

    def __init__(self, vendor: Vendor, api: Api) -> None:
        self.vendor, self.api, self.limits = vendor, api, 1
        vendor.usual = self.answer
        api.stays = True
        api.add("e-1", make_change(CONTRACT, kind="CREATE", Contract_Value__c=48000.0, AccountId="001xx01"))
        api.add("e-2", make_change(CONTRACT, "0x02", number=2, Status="Activated"))

    def answer(self, asked: Asked) -> Response:
        if asked.path == "/services/oauth2/token":
            return JSONResponse({"access_token": self.api.token, "instance_url": self.vendor.url})
        if asked.path == "/services/rest/query/v1/suiteql":
            return self._query(asked)
        if asked.headers.get("authorization") != "Bearer kt" or asked.path != "/api/v1/subscribed_events":
            return Response(status_code=401)
        if self.limits:
            self.limits -= 1
            return Response(status_code=429, headers={"retry-after": "0"})
        return JSONResponse({"subscribed_events": {one["id"]: one for one in FEED}})

    def _query(self, asked: Asked) -> Response:
        shown = dict(part.strip().split("=", 1) for part in asked.headers["authorization"][6:].split(","))
        told = {
            name: value[1:-1].replace("%3D", "=").replace("%2B", "+").replace("%2F", "/")
            for name, value in shown.items()
        }
        told.pop("realm")
        signature = told.pop("oauth_signature")
        if signature != sign_oauth1("POST", asked.url, told, "consumer_secret&token_secret"):
            return Response(status_code=401)
        return JSONResponse({"items": [INVOICE], "hasMore": False})

    def sources(self, drop: Path) -> dict[str, Any]:
        return {
            "salesforce": {
                "pull": ["all"], "credentials": {"client_id": "me", "client_secret": "hush"},
                "parameters": {"login_url": self.vendor.url, "pubsub_endpoint": self.api.address},
            },
            "kantata": {"pull": ["events"], "credentials": {"access_token": "kt"},
                        "parameters": {"base_url": self.vendor.url}},
            "netsuite": {"pull": ["invoices"], "credentials": {name: name for name in NAMES},
                         "parameters": {"rest_url": self.vendor.url, "account": "1"}},
            "csv": {"drop_dir": str(drop)},
        }  # fmt: skip


@pytest.fixture
def firm() -> Iterator[Firm]:
    with running_vendor() as vendor, running_api() as api:
        yield Firm(vendor, api)


def wait_for_events(running: Running, wanted: int) -> None:
    deadline = time.monotonic() + LONGEST_S
    drained = running.collector.intake.events.wakes_drained
    while time.monotonic() < deadline:
        drained.clear()
        running.drain(LONGEST_S)
        if running.store.query("SELECT count() AS n FROM events")[0]["n"] >= wanted:
            return
        drained.wait(1)
    letters = running.store.query("SELECT source, reason, detail FROM dead_letters")
    raise AssertionError(
        f"not all events came: {running.store.query('SELECT source, event_type FROM events')}, {letters}"
    )


def test_what_four_systems_are_asked_for_is_one_contract(start: Start, firm: Firm, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "exports.csv").write_text(FILE)
    running = start(sources=firm.sources(drop))
    wait_for_events(running, 8)
    compile_journeys(running.store, read_journeys(), 1)
    clock = SteppedClock()
    clock.step(days=120)
    Stitcher(running.store, clock, 10_000).step()
    (row,) = running.store.query("SELECT * FROM lifecycles WHERE superseded_by = ''")
    assert set(row["milestones"]) >= {
        "contract_signed", "project_in_psa", "project_in_erp", "milestone_approved", "invoice_issued",
        "payment_received",
    }  # fmt: skip
    assert row["systems"] == ["kantata", "netsuite", "salesforce"]
    assert {str(row[name]) for name in ("approved_amount", "invoiced_amount", "paid_amount")} == {"24000.00"}
    assert [path.name for path in (drop / "done").iterdir()] == ["exports.csv"]
    assert running.store.query("SELECT source, reason FROM dead_letters") == []
    positions = running.store.query("SELECT source, stream FROM pull_cursors FINAL ORDER BY source")
    assert [(row["source"], row["stream"]) for row in positions] == [
        ("kantata", "events"), ("netsuite", "invoices"), ("salesforce", "changes/data/ChangeEvents")
    ]  # fmt: skip


def test_a_vendor_that_cannot_be_reached_is_named_where_readiness_is_asked(start: Start) -> None:
    said = {"pull": ["events"], "credentials": {"access_token": "kt"}, "parameters": {"base_url": "http://127.0.0.1:9"}}
    running, deadline = start(sources={"kantata": said}), time.monotonic() + LONGEST_S
    told: dict[str, Any] = {}
    while not told.get("warnings") and time.monotonic() < deadline:
        told = running.client.get("/readyz").json()
    (warning,) = told["warnings"]
    assert warning.startswith("kantata/events: unavailable: ConnectError")


def test_settings_that_do_not_fit_stop_the_start(start: Start) -> None:
    complaints: dict[str, dict[str, Any]] = {
        "kantata has no stream evnts": {"kantata": {"pull": ["evnts"]}},
        "collector.sources.kantata.credentials.access_token is not set": {"kantata": {"pull": ["all"]}},
        "the stream invoices has no address yet": {"netsuite": {"pull": ["invoices"]}},
        "nothing is pulled from jira": {"jira": {"pull": ["all"]}},
        "no source is called kantta": {"kantta": {"pull": ["all"]}},
    }
    for complaint, said in complaints.items():
        with pytest.raises(SettingsError) as caught:
            start(sources=said)
        assert complaint in str(caught.value)
