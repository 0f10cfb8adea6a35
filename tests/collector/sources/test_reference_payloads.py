"""Real payloads beside the project, run through each source: what each becomes, and nothing that crashes."""

from pathlib import Path

import pytest

from billtrail.store import Store
from collector.mapping.catalogue import SHIPPED
from collector.mapping.read_source import read_source
from collector.mapping.trial import try_folder
from tests.collector.sources.golden import SOURCES

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads"
FOLDERS = {"oracle_fusion": "oracle-fusion", "webhook": "eventgrid"}

# What is more than ignored, by the words its name begins with. Everything else must be ignored, or refused as a schema,
# an XML body (the door turns those into JSON), or a record that says neither what it is nor when it happened.
BECAME = {
    "certinia/cdc-billing": "billing_event.released",
    "certinia/cdc-milestone": "milestone.approved",
    "certinia/cdc-project-activated": "project.activated",
    "certinia/cdc-project-created": "project.created",
    "certinia/cdc-timecard-approved": "time.approved",
    "certinia/cdc-timecard-submitted": "time.submitted",
    "concur/expense-report-approved": "expense.approved",
    "concur/expense-report-submitted": "expense.submitted",
    "docusign/envelope-completed": "contract.signed",
    "docusign/envelope-declined": "contract.declined",
    "dynamics365/be-sales-invoice": "invoice.issued",
    "hubspot/deal-propertychange": "opportunity.won",
    "jira/worklog-created": "time.submitted",
    "kantata/subscribed-events": "invoice.drafted",
    "salesforce/cdc-opportunity": "opportunity.updated",
}
REFUSED = {
    "dynamics365/be-batchjob": "unknown_type",
    "dynamics365/be-dummy": "unknown_type",
    "kantata/subscribed-event-SCHEMA": "unknown_type",
    # Requests of OTLP, among whose spans the messages are.
    "middleware/mule-avio-logging": "unreadable",
    "middleware/": "unknown_type",
    "netsuite/": "unknown_type",
    "oracle_fusion/ap-invoice": "unreadable",
    "oracle_fusion/erp": "unknown_type",
    "salesforce/cdc-cometd": "unknown_type",
    "salesforce/outbound": "unreadable",
    "salesforce/platform-event": "unknown_type",
    "cloudevents/ce-": "unknown_type",
    "webhook/": "unknown_type",
    "workday/": "unreadable",
}


@pytest.mark.reference
@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="no reference material beside the project")
@pytest.mark.parametrize("name", [name for name in SOURCES if (PAYLOADS / FOLDERS.get(name, name)).is_dir()])
def test_every_payload_becomes_what_one_would_expect(trials: Store, name: str) -> None:
    outcomes = try_folder(trials, read_source(SHIPPED / name), PAYLOADS / FOLDERS.get(name, name))
    assert outcomes
    for file in {outcome.file for outcome in outcomes}:
        told = f"{name}/{file}"
        wanted = _find(BECAME, told) or _find(REFUSED, told) or "ignored"
        got = {one.event.get("type") or one.reason or one.outcome for one in outcomes if one.file == file}
        assert got in ({wanted}, {wanted, "ignored"}) or told == "cloudevents/ce-batch-empty.json", told


def _find(known: dict[str, str], told: str) -> str:
    return next((word for start, word in known.items() if told.startswith(start)), "")
