"""`POST /v1/sources/{source}` over HTTP: who is let in, what is answered, and what is kept."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from collector.journal.segment import OpenSegment
from tests.collector.conftest import Running, Start
from tests.collector.mapping.mapped import read_samples
from tests.collector.webhook import signed

SECRET = "a secret of the firm"
TOKEN = "t" * 40
PAIR = '<?xml version="1.0"?>{dtd}<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' + (
    '<notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D5g000007AbCdEAK</OrganizationId>'
    "<SessionId>LIVE-CREDENTIAL</SessionId>{notifications}</notifications></e:Body></e:Envelope>"
)
NOTE = (
    '<Notification><Id>04l-{id}</Id><sObject xsi:type="sf:Opportunity" xmlns:xsi="http://www.w3.org/2001/XMLSchema-'
    'instance" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>0065g00000XyZaB</sf:Id>'
    "<sf:IsWon>true</sf:IsWon>"
    "<sf:Amount>{amount}</sf:Amount><sf:SystemModstamp>2026-03-02T09:15:0{id}.000Z</sf:SystemModstamp></sObject>"
    "</Notification>"
)


def sample(name: str) -> bytes:
    return read_samples(name)[0][1].encode()


def jira(running: Running, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    told = signed.sign_jira(SECRET, body) if headers is None else headers
    return running.client.post("/v1/sources/jira", content=body, headers=told)


def sources(**secrets: str) -> dict[str, Any]:
    return {name: {"secrets": [secret]} for name, secret in secrets.items()}


def count(running: Running, table: str = "raw_events") -> int:
    return int(running.store.query(f"SELECT count() AS n FROM {table}")[0]["n"])


def find_types(running: Running) -> list[str]:
    return [row["event_type"] for row in running.store.query("SELECT event_type FROM events ORDER BY event_type")]


def find_counted(running: Running, name: str, **labels: str) -> float:
    return running.registry.get_sample_value(name, labels) or 0.0


def test_a_signed_message_is_acknowledged_and_becomes_an_event(start: Start) -> None:
    running = start(sources=sources(jira=SECRET))
    answer = jira(running, sample("jira/milestone-done"))
    assert (answer.status_code, answer.content) == (200, b"")
    running.drain()
    assert find_types(running) == ["milestone.completed"]
    [raw] = running.store.query("SELECT source, door, body FROM raw_events")
    assert (raw["source"], raw["door"], raw["body"].encode()) == ("jira", "webhook", sample("jira/milestone-done"))
    assert find_counted(running, "billtrail_source_requests_total", source="jira", outcome="taken") == 1


@pytest.mark.parametrize("headers", [{}, {"X-Hub-Signature": "sha256=00"}, {"Authorization": f"Bearer {TOKEN}"}])
def test_a_wrong_signature_leaves_nothing_but_a_count(start: Start, headers: dict[str, str]) -> None:
    running = start(sources=sources(jira=SECRET))
    answer = jira(running, sample("jira/milestone-done"), headers)
    assert answer.status_code == 401
    assert SECRET not in answer.text
    running.drain()
    assert (count(running), count(running, "dead_letters")) == (0, 0)
    counted = [
        find_counted(running, "billtrail_source_requests_total", source="jira", outcome=outcome)
        for outcome in ("forged", "unsigned")
    ]
    assert sum(counted) == 1


def test_a_signature_with_a_moment_is_let_in_once_and_not_when_it_is_old(start: Start) -> None:
    running, body = start(sources=sources(netsuite=SECRET)), sample("netsuite/invoice-created")
    fresh, old = (signed.sign_billtrail(SECRET, body, at) for at in (time.time(), time.time() - 4000))
    send = [
        running.client.post("/v1/sources/netsuite", content=body, headers=one).status_code
        for one in (old, fresh, fresh)
    ]
    assert send == [401, 200, 401]


def test_a_body_the_mapping_cannot_use_is_taken_and_becomes_a_dead_letter(start: Start) -> None:
    running = start(sources=sources(jira=SECRET))
    for body in (b"{", b'{"webhookEvent": "never_heard_of"}', b"\xff\xfe\x00"):
        assert jira(running, body).status_code == 200
    running.drain()
    letters = running.store.query("SELECT source, door, reason FROM dead_letters ORDER BY reason")
    assert [tuple(one.values()) for one in letters] == [
        ("jira", "webhook", "unknown_type"),
        ("jira", "webhook", "unreadable"),
        ("jira", "webhook", "unreadable"),
    ]


def test_without_a_secret_a_platform_that_asks_for_tokens_keeps_the_door_closed(start: Start) -> None:
    running, body = start(tokens=(f"middleware:sources={TOKEN}", f"psa:events={TOKEN[:-1]}e")), b"{}"
    closed = jira(running, body, {})
    assert (closed.status_code, "collector.sources.jira.secrets" in closed.text) == (503, True)
    assert jira(running, body, {"Authorization": f"Bearer {TOKEN[:-1]}e"}).status_code == 503
    assert jira(running, body, {"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert running.client.post("/v1/sources/webhook", content=body).status_code in (401, 503)


def test_a_platform_that_asks_nobody_takes_what_has_no_secret(running: Running) -> None:
    assert jira(running, sample("jira/milestone-done"), {}).status_code == 200


def test_a_secret_in_a_file_is_changed_without_a_restart(start: Start, tmp_path: Path) -> None:
    file, body = tmp_path / "secrets", b'{"webhookEvent": "comment_created"}'
    file.write_text("old\n", encoding="utf-8")
    running = start(sources=sources(jira=f"file:{file}"))
    assert jira(running, body, signed.sign_jira("old", body)).status_code == 200
    file.write_text("old\nnewer\n", encoding="utf-8")
    assert jira(running, body, signed.sign_jira("newer", body)).status_code == 200
    file.write_text("newer\n", encoding="utf-8")
    assert jira(running, body, signed.sign_jira("old", body)).status_code == 401
    file.unlink()
    assert jira(running, body, signed.sign_jira("newer", body)).status_code == 200


def test_a_secret_comes_from_the_environment(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_SECRET", SECRET)
    assert jira(start(sources=sources(jira="env:JIRA_SECRET")), b"{}").status_code == 200


def test_what_the_journal_cannot_take_may_come_again_with_its_signature(start: Start) -> None:
    running = start(sources=sources(netsuite=SECRET), journal_max_bytes=60_000)
    body = json.dumps({"padding": "x" * 100_000}).encode()
    headers = signed.sign_billtrail(SECRET, body, time.time())
    for _ in range(2):
        answer = running.client.post("/v1/sources/netsuite", content=body, headers=headers)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0


def test_a_slow_disk_is_told_in_time_and_what_comes_again_is_one_event(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, body = start(sources=sources(netsuite=SECRET)), sample("netsuite/invoice-created")
    headers, goes_on, append = signed.sign_billtrail(SECRET, body, time.time()), threading.Event(), OpenSegment.append

    def append_slowly(segment: OpenSegment, parts: list[bytes], frames: int) -> None:
        goes_on.wait(60)
        append(segment, parts, frames)

    monkeypatch.setattr(OpenSegment, "append", append_slowly)
    slow = running.client.post("/v1/sources/netsuite", content=body, headers=headers)
    goes_on.set()
    again = running.client.post("/v1/sources/netsuite", content=body, headers=headers)
    assert (slow.status_code, "the disk is slow" in slow.text, again.status_code) == (503, True, 200)
    running.drain()
    assert (count(running), find_types(running)) == (2, ["invoice.issued"])


def test_a_source_nobody_declared_has_no_door(running: Running) -> None:
    answer = running.client.post("/v1/sources/atlantis", content=b"{}")
    assert (answer.status_code, answer.json()["where"]) == (404, "source")


def test_hubspots_address_is_the_one_it_called(start: Start) -> None:
    public, body = "https://hooks.firm.example/v1/sources/hubspot", sample("hubspot/batch")
    running = start(sources={"hubspot": {"secrets": [SECRET], "url": public}})
    headers = signed.sign_hubspot(SECRET, body, time.time(), f"{public}?portal=1")
    assert running.client.post("/v1/sources/hubspot?portal=1", content=body, headers=headers).status_code == 200


def test_graphs_validation_is_answered_as_plain_text(start: Start) -> None:
    running = start(sources=sources(graph=SECRET))
    answer = running.client.post("/v1/sources/graph", params={"validationToken": "Validation: <b>Ä & é</b>"})
    assert (answer.status_code, answer.text) == (200, "Validation: <b>Ä & é</b>")
    assert answer.headers["content-type"].startswith("text/plain")
    assert running.client.post("/v1/sources/jira", params={"validationToken": "x"}).status_code != 200


def test_event_grids_subscription_is_validated_for_those_who_show_the_code(start: Start) -> None:
    running = start(sources=sources(dynamics365=SECRET))
    body = json.dumps(
        [{"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "7"}}]
    )
    headers = {"aeg-event-type": "SubscriptionValidation"}
    refused = running.client.post("/v1/sources/dynamics365?code=wrong", content=body, headers=headers)
    answer = running.client.post(f"/v1/sources/dynamics365?code={SECRET}", content=body, headers=headers)
    assert (refused.status_code, answer.status_code, answer.json()) == (401, 200, {"validationResponse": "7"})
    running.drain()
    assert count(running) == 0


def test_the_handshake_of_web_hooks_is_for_the_origins_and_the_sources_that_have_it(start: Start) -> None:
    running = start(webhook_origins=("mesh.example",))
    asked = {"WebHook-Request-Origin": "mesh.example"}
    told = [running.client.options(f"/v1/sources/{name}", headers=asked).headers for name in ("s4hana", "jira")]
    assert [one.get("webhook-allowed-origin") for one in told] == ["mesh.example", None]


def test_outbound_messages_are_one_message_each_and_acknowledged_in_soap(start: Start) -> None:
    running = start(sources=sources(salesforce_outbound="00D5g000007AbCd"))
    notes = NOTE.format(id=1, amount=100) + NOTE.format(id=2, amount=250)
    body = PAIR.format(dtd="", notifications=notes)
    answer = running.client.post("/v1/sources/salesforce_outbound", content=body, headers={"content-type": "text/xml"})
    assert (answer.status_code, "<Ack>true</Ack>" in answer.text) == (200, True)
    running.drain()
    rows = running.store.query("SELECT body FROM raw_events ORDER BY item")
    assert [json.loads(row["body"])["Id"] for row in rows] == ["04l-1", "04l-2"]
    assert all("LIVE-CREDENTIAL" not in row["body"] for row in rows)
    [event] = running.store.query("SELECT event_type, objects[1].id AS id, toString(amount) AS amount FROM events")
    assert tuple(event.values()) == ("opportunity.won", "0065g00000XyZaBAAV", "250")


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_an_entity_is_never_expanded_and_a_live_credential_never_kept(start: Start, dtd: str) -> None:
    running = start(sources=sources(salesforce_outbound="00D5g000007AbCd"))
    body = PAIR.format(dtd=dtd, notifications="&a;")
    assert running.client.post("/v1/sources/salesforce_outbound", content=body).status_code == 200
    running.drain()
    [letter] = running.store.query("SELECT reason, body FROM dead_letters")
    assert letter["reason"] == "unreadable"
    assert "&a;" in letter["body"]
    assert "LIVE-CREDENTIAL" not in letter["body"]


def test_a_cloudevent_in_binary_mode_is_put_together_again(start: Start) -> None:
    running = start(sources=sources(s4hana="mesh:password"))
    headers = {
        "ce-id": "1",
        "ce-source": "/default/sap.s4.beh/x",
        "ce-type": "sap.s4.beh.billingdocument.v1.BillingDocument.Created.v1",
        "ce-specversion": "1.0",
        "ce-time": "2026-04-02T09:00:00Z",
        "content-type": "application/json",
        **signed.basic("mesh", "password"),
    }
    answer = running.client.post("/v1/sources/s4hana", content=b'{"BillingDocument": "90001"}', headers=headers)
    assert answer.status_code == 200
    running.drain()
    assert find_types(running) == ["invoice.issued"]


def test_looking_at_a_door_says_that_it_is_for_posting(running: Running) -> None:
    answer = running.client.get("/v1/sources/jira")
    assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")
