"""What `billtrail trace` draws: checkpoints in their states, and failed runs at the step they broke."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console

from billtrail.cli.lifecycle_drawing import draw_lifecycle

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOTHING = {"reached_at": None, "due_at": None, "reached": 0, "failed": 0, "late": 0, "out_of_order": 0, "extra": 0}


def checkpoint(milestone: str, state: str, **more: Any) -> dict[str, Any]:
    return {**NOTHING, "milestone": milestone, "state": state, "owner": "pmo", **more}


def draw(checkpoints: list[dict[str, Any]], failures: list[dict[str, Any]]) -> str:
    told = dict.fromkeys(("client", "region", "legal_entity", "billing_model", "owner", "superseded_by"), "")
    amounts = ("contract_value", "approved_amount", "invoiced_amount", "paid_amount", "unbilled_amount")
    lifecycle = {**told, **dict.fromkeys(amounts, Decimal()), "currency": "EUR", "lifecycle_id": "crm:contract:C-1"}
    lifecycle |= {"state": "open", "stage": "contract_signed", "last_event_at": AT}
    found = {"lifecycle": lifecycle, "checkpoints": checkpoints, "failures": failures}
    console = Console(width=160)
    with console.capture() as capture:
        console.print(draw_lifecycle({**found, "events": [], "clocks": [], "findings": []}))
    return capture.get()


def test_checkpoints_say_what_is_wrong_and_with_how_many() -> None:
    drawn = draw(
        [
            checkpoint("contract_signed", "extra", extra=1, reached=1, reached_at=AT),
            checkpoint("time_approved", "out_of_order", out_of_order=2, reached=7, reached_at=AT),
            checkpoint("time_posted", "late", late=3, due_at=AT),
            checkpoint("invoice_issued", "pending"),
            checkpoint("contract_amended", "not_applicable"),
        ],
        [],
    )
    lines = [" ".join(line.split()) for line in drawn.splitlines()]
    assert "! contract_signed extra (1) 2026-03-02 09:00 1 pmo" in lines
    assert "! time_approved out of order (2) 2026-03-02 09:00 7 pmo" in lines
    assert "✗ time_posted late (3) – 2026-03-02 09:00 pmo" in lines
    assert "… invoice_issued pending – pmo" in lines
    assert "contract_amended" not in drawn
    assert "failed runs" not in drawn


def test_failed_runs_are_told_by_step_and_kind() -> None:
    failure = {"milestone": "time_posted", "error_category": "rate_limit", "times": 4, "last_at": AT, "system": "erp"}
    failure |= {"service": "psa-to-erp", "span_name": "POST", "message": "429 Too Many Requests", "trace_id": "ab"}
    drawn = draw([], [failure, {**failure, "milestone": "", "message": ""}])
    lines = [" ".join(line.split()) for line in drawn.splitlines()]
    assert "✗ time_posted rate limit 4 2026-03-02 09:00 erp · psa-to-erp · POST 429 Too Many Requests" in lines
    assert "✗ not known rate limit 4 2026-03-02 09:00 erp · psa-to-erp · POST trace ab" in lines
