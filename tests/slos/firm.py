"""Rows as the correlators would leave them: lifecycles and the milestones their objects reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from billtrail.cli.slo import collect_milestones
from billtrail.store import Store
from correlators.settings import CorrelatorsSettings
from slos import Judge, SlosSettings
from slos.catalogue import Journeys
from slos.vocabulary import Milestone
from tests.support.clock import SteppedClock

JOURNEYS: Journeys = collect_milestones(CorrelatorsSettings())
SHIPPED = [
    "billing-event-sync",
    "billing-readiness",
    "contract-amendment-propagation",
    "expense-posting",
    "invoice-status-propagation",
    "master-data-refresh",
    "payment-status-propagation",
    "portfolio-refresh-latency",
    "project-setup",
    "revenue-posting",
    "time-posting",
    "time-to-bill",
]
# Milestones of an invoice that begin and end pauses, as `write_pauses` puts them into a document.
MARKS = ("invoice_disputed", "dispute_settled", "hold_placed", "hold_lifted")
JOURNEYS_WITH_MARKS: Journeys = {
    "quote_to_cash": {**JOURNEYS["quote_to_cash"], **{name: Milestone("invoice", "finance") for name in MARKS}}
}
PAUSES = """
              pauses:
                - {reason: dispute, from: invoice_disputed, until: dispute_settled}
                - {reason: credit_hold, from: hold_placed, until: hold_lifted}
              runbook:"""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Firm:
    """Writes rows with rising versions, as one correlation step after the other would."""

    def __init__(self, store: Store, journeys: Journeys = JOURNEYS) -> None:
        self._store = store
        self._version = 0
        self._kept: list[dict[str, Any]] | None = None
        self._kept_events: list[dict[str, Any]] | None = None
        store.insert(
            "journey_milestones",
            [
                {
                    "journey": journey,
                    "milestone": name,
                    "position": position,
                    "systems": list(milestone.systems),
                    "object_type": milestone.object_type,
                    "owner": milestone.owner,
                    "version": 1,
                }
                for journey, milestones in journeys.items()
                for position, (name, milestone) in enumerate(milestones.items())
            ],
        )

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Keep the milestones and events until the end, and write them in one go."""
        self._kept, self._kept_events = [], []
        yield
        kept, self._kept = self._kept, None
        events, self._kept_events = self._kept_events, None
        self._store.insert("milestone_rows", kept)
        self._store.insert("lifecycle_event_rows", events)

    def know(self, contract: str, **columns: Any) -> None:
        """Write the row of a lifecycle; it is open, of DE01, unless told otherwise."""
        self._version += 1
        row = {
            "lifecycle_id": f"crm:contract:{contract}",
            "kind": "contract",
            "root_key": f"crm:contract:{contract}",
            "journey": "quote_to_cash",
            "client": "Acme GmbH",
            "region": "EMEA",
            "legal_entity": "DE01",
            "billing_model": "fixed_fee",
            "currency": "EUR",
            "contract_value": Decimal("90000.00"),
            "state": "open",
            "superseded_by": "",
            "is_deleted": 0,
            **columns,
        }
        self._store.insert("lifecycle_rows", [{**row, "version": self._version}])

    def reach(self, contract: str, milestone: str, at: datetime, *, subject: str = "", **columns: Any) -> None:
        """Write that an object of a contract reached a milestone; without a subject, the contract itself did."""
        self._version += 1
        declared = JOURNEYS["quote_to_cash"].get(milestone, Milestone("contract"))
        object_type, system = declared.object_type, (declared.systems or ("crm",))[0]
        row = {
            "lifecycle_id": f"crm:contract:{contract}",
            "milestone": milestone,
            "subject_key": subject or f"crm:contract:{contract}",
            "object_type": object_type,
            "reached_at": at,
            "outcome": "success",
            "attempts": 1,
            "source": f"/{system}",
            "event_id": f"{milestone}-{subject or contract}",
            "system": system,
            "amount": Decimal("0.00"),
            "currency": "EUR",
            "is_deleted": 0,
            **columns,
        }
        if self._kept is None:
            self._store.insert("milestone_rows", [{**row, "version": self._version}])
        else:
            self._kept.append({**row, "version": self._version})

    def tell(self, contract: str, milestone: str, at: datetime, object_key: str) -> None:
        """Write the event itself, as often as it happens; `milestone_rows` holds only the first of a kind."""
        row = {
            "lifecycle_id": f"crm:contract:{contract}",
            "occurred_at": at,
            "source": "/erp",
            "event_id": f"{milestone}-{at}-{object_key}",
            "object_key": object_key,
            "milestone": milestone,
            "outcome": "success",
            "is_deleted": 0,
        }
        if self._kept_events is None:
            self._store.insert("lifecycle_event_rows", [row])
        else:
            self._kept_events.append(row)

    def withdraw(self, contract: str, milestone: str, *, subject: str = "") -> None:
        """Write that a milestone is no longer true."""
        self.reach(contract, milestone, LONG_AGO, subject=subject, is_deleted=1)


def settings_for(**settings: Any) -> SlosSettings:
    """The settings of a test: calendars of few years, which compile the faster."""
    return SlosSettings(**{"calendar_from": date(2026, 1, 1), "calendar_years_ahead": 1} | settings)


def judge_for(store: Store, clock: SteppedClock, **settings: Any) -> Judge:
    return Judge(store, clock, settings_for(**settings))


def read_clocks(store: Store, columns: str = "state") -> list[Any]:
    """Read the clocks in order of their keys, the named columns only; one column alone comes as its value."""
    rows = store.query(f"SELECT {columns} FROM sla_clocks ORDER BY sla, lifecycle_id, subject_key")
    return [next(iter(row.values())) if len(row) == 1 else tuple(row.values()) for row in rows]


def write_pauses(folder: Path) -> Path:
    """Write a document whose clocks stand still in disputes and holds. Answers the folder."""
    text = (SlosSettings().definitions / "invoice-status-propagation.yaml").read_text(encoding="utf-8")
    (folder / "sla.yaml").write_text(text.replace("\n              runbook:", PAUSES), encoding="utf-8")
    return folder


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def load_yaml(text: str) -> Any:
    return yaml.safe_load(text)
