"""A contract's history, sent to the real doors by vendors with their signatures, is one lifecycle."""

import json
import time
from collections.abc import Callable
from typing import Any

from billtrail.store import Row
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.stitch import Stitcher
from tests.collector.conftest import Running, Start
from tests.collector.mapping.mapped import read_samples
from tests.collector.sources.test_one_contract import HISTORY, MILESTONES
from tests.collector.webhook import signed
from tests.support.clock import SteppedClock

SECRET = "a secret of the firm"
PRIVATE, PUBLIC = signed.make_keys()
Sign = Callable[[bytes], dict[str, str]]
SIGNATURES: dict[str, tuple[str, Sign]] = {
    "certinia": (SECRET, lambda body: {"Authorization": SECRET}),
    "concur": (PUBLIC, lambda body: signed.sign_concur(PRIVATE, body)),
    "docusign": (SECRET, lambda body: signed.sign_docusign(SECRET, body)),
    "jira": (SECRET, lambda body: signed.sign_jira(SECRET, body)),
    "kantata": (SECRET, lambda body: signed.sign_billtrail(SECRET, body, time.time())),
    "netsuite": (SECRET, lambda body: signed.sign_billtrail(SECRET, body, time.time())),
    "s4hana": ("mesh:password", lambda body: signed.basic("mesh", "password")),
    "salesforce": (SECRET, lambda body: signed.sign_billtrail(SECRET, body, time.time())),
}
CONTRACT, PROJECT, WORK = "800Qx000001f3KmIAI", "a0PQx000001ProjMAC", "a0MQx000001MileMAC"


def document(kind: str, number: int, at: str, data: dict[str, Any], read: dict[str, Any]) -> tuple[str, bytes]:
    """What Event Mesh sends of a document, with what a reader of the document has added."""
    name = kind.split(".", maxsplit=1)[0].lower()
    told = {
        "specversion": "1.0",
        "type": f"sap.s4.beh.{name}.v1.{kind}.v1",
        "source": "/default/sap.s4.beh/FIRMCLNT100",
        "id": f"42010aef-0000-1eeb-8000-{number:012}",
        "time": at,
        "data": data,
        "document": read,
    }
    return "s4hana", json.dumps(told).encode()


def sample(name: str) -> tuple[str, bytes]:
    [(source, body)] = read_samples(name)
    return source, body.encode()


def send(running: Running, messages: list[tuple[str, bytes]]) -> None:
    for source, body in messages:
        answer = running.client.post(f"/v1/sources/{source}", content=body, headers=SIGNATURES[source][1](body))
        assert answer.status_code == 200, (source, answer.text)


def open_doors(start: Start, **parameters: dict[str, str]) -> Running:
    return start(
        sources={
            name: {"secrets": [secret], "parameters": parameters.get(name, {})}
            for name, (secret, _) in SIGNATURES.items()
        }
    )


def correlate(running: Running) -> Row:
    running.drain()
    assert running.store.query("SELECT source, reason, detail FROM dead_letters") == []
    compile_journeys(running.store, read_journeys(), 1)
    clock = SteppedClock()
    clock.step(days=120)
    stitcher = Stitcher(running.store, clock, 10_000)
    while stitcher.step():
        pass
    [row] = running.store.query("SELECT * FROM lifecycles WHERE superseded_by = ''")
    return row


def test_salesforce_docusign_kantata_jira_and_netsuite_tell_one_contract(start: Start) -> None:
    running = open_doors(start)
    send(running, [sample(name) for name in reversed(HISTORY)])
    contract = correlate(running)
    assert set(contract["milestones"]) == MILESTONES
    assert contract["systems"] == ["docusign", "jira", "kantata", "netsuite", "salesforce"]
    assert contract["event_count"] == len(HISTORY)


def test_salesforce_certinia_concur_and_s4hana_tell_one_contract(start: Start) -> None:
    running = open_doors(start, salesforce={"invoice_system": "s4hana"})
    project = {"ExternalID": PROJECT, "PurchaseOrderByCustomer": CONTRACT}
    ready = {"ExternalDocument": WORK, "Project": "P-77", "TotalNetAmount": "24000.00", "TransactionCurrency": "EUR"}
    billed = {"Items": [{"Project": "P-77", "NetAmount": "24000.00"}], "TotalNetAmount": "24000.00"}
    paid = {
        "AccountingDocumentType": "DZ",
        "Amount": "24000.00",
        "Cleared": [{"BillingDocument": "9000", "Amount": "24000"}],
    }
    entry = {"CompanyCode": "DE01", "FiscalYear": "2026", "AccountingDocument": "14"}
    money = {"TransactionCurrency": "EUR", "CompanyCode": "DE01"}
    messages = [
        *map(sample, ("salesforce/opportunity-created", "salesforce/opportunity-won", "salesforce/contract-created")),
        *map(sample, ("salesforce/contract-activated", "certinia/project-created", "certinia/timecard-submitted")),
        *map(sample, ("certinia/timecard-approved", "certinia/milestone-approved", "certinia/billing-event-released")),
        *map(sample, ("concur/report-submitted", "concur/report-approved-and-read", "concur/report-paid")),
        document("EnterpriseProject.Created", 1, "2026-03-05T09:00:00Z", {"EnterpriseProject": "P-77"}, project),
        document("DebitMemoRequest.Created", 2, "2026-04-01T09:00:00Z", {"DebitMemoRequest": "70"}, ready),
        document("BillingDocument.Created", 3, "2026-04-02T09:00:00Z", {"BillingDocument": "9000"}, billed | money),
        ("salesforce", sample("salesforce/invoice-seen-in-crm")[1].replace(b'"9401"', b'"9000"')),
        document("JournalEntry.Created", 4, "2026-05-02T09:00:00Z", entry, paid | money),
    ]
    send(running, messages[::-1])
    contract = correlate(running)
    assert set(contract["milestones"]) == {
        "opportunity_won", "contract_signed", "project_in_psa", "project_in_erp", "milestone_approved",
        "time_submitted", "time_approved",
        "billing_event_released", "expense_approved", "billing_ready", "invoice_issued",
        "invoice_visible_in_crm", "payment_received",
    }  # fmt: skip
    assert contract["systems"] == ["certinia", "concur", "s4hana", "salesforce"]
    assert contract["event_count"] == len(messages)
