"""Rows of other rooms as they would write them: an SLA, verdicts on its clocks, findings."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from billtrail.store import Store

SLA = "time-posted"
SUBJECT = "psa:time_entry:TE-77"
LIFECYCLE = "crm:contract:C-1"


def promise(store: Store, sla: str = SLA, **changes: Any) -> None:
    """Declare the SLA "approved time is posted in ERP within two days", owned by finance-systems."""
    row = {
        "sla": sla,
        "display_name": "Approved time is posted",
        "journey": "quote_to_cash",
        "object_type": "time_entry",
        "start_milestone": "time_approved",
        "stop_milestones": ["time_posted"],
        "duration_ms": 172_800_000,
        "at_risk_ratio": 0.8,
        "default_calendar": "always",
        "calendars": {},
        "target_ratio": 0.99,
        "severity": "critical",
        "owner": "finance-systems",
        "runbook": "time-posted.md",
        "version": 1,
        "is_deleted": 0,
    }
    store.insert("sla_definitions", [{**row, **changes}])
    milestone = {"journey": "quote_to_cash", "milestone": "time_posted", "systems": ["erp", "netsuite"], "version": 1}
    store.insert("journey_milestones", [milestone])


def verdict(known_at: datetime, state: str = "breached", **changes: Any) -> dict[str, Any]:
    """A verdict on the clock of TE-77, approved three days ago, due a day ago."""
    row = {
        "sla": SLA,
        "lifecycle_id": LIFECYCLE,
        "subject_key": SUBJECT,
        "known_at": known_at,
        "state": state,
        "reason": "",
        "started_at": known_at - timedelta(days=3),
        "at_risk_at": known_at - timedelta(days=2),
        "due_at": known_at - timedelta(days=1),
        "stopped_at": known_at if state in ("met", "missed") else None,
        "elapsed_business_ms": 259_200_000,
        "paused_ms": 0,
        "value_at_risk": Decimal("1200.00"),
        "currency": "EUR",
        "owner": "",
        "client": "Acme GmbH",
        "region": "EMEA",
        "legal_entity": "DE01",
        "billing_model": "time_and_materials",
    }
    return {**row, **changes}


def judge(store: Store, *verdicts: dict[str, Any]) -> None:
    """Write verdicts as the judge does."""
    store.insert("clock_verdicts", verdicts)


def finding(seen_at: datetime, version: int = 1, **changes: Any) -> dict[str, Any]:
    """A duplicate invoice."""
    row = {
        "detector": "duplicate_invoice",
        "subject_key": "erp:invoice:INV-8841",
        "lifecycle_id": LIFECYCLE,
        "severity": "critical",
        "amount": Decimal("5000.50"),
        "currency": "EUR",
        "owner": "accounts-receivable",
        "runbook": "https://runbooks.firm.example/duplicate",
        "evidence": "Invoice INV-8841 was issued twice, again as INV-8842.",
        "first_seen_at": seen_at,
        "resolved_at": None,
        "version": version,
    }
    return {**row, **changes}


def report(store: Store, *findings: dict[str, Any]) -> None:
    """Write findings as the detectors do."""
    store.insert("finding_rows", findings)
