"""What truly happened in the simulated firm, to test Billtrail against. Frozen values that can be written as JSON.

Keys are `system:type:id`. The truth is read from the books of the systems, not from the events.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Promise(StrEnum):
    """The promises (SLAs) the firm is measured by, by start and stop."""

    PROJECT_SETUP = "project-setup"
    """contract signed → a project in the PSA and a project in the ERP; the later of the two first ones counts."""
    TIME_POSTING = "time-posting"
    """time approved → posted successfully in the ERP."""
    BILLING_READINESS = "billing-readiness"
    """milestone approved → billable in the ERP."""
    INVOICE_STATUS = "invoice-status"
    """invoice issued → its status in the CRM for the first time."""

    EXPENSE_POSTING = "expense-posting"
    REVENUE_POSTING = "revenue-posting"
    BILLING_EVENT_SYNC = "billing-event-sync"
    TIME_TO_BILL = "time-to-bill"
    PORTFOLIO_REFRESH = "portfolio-refresh"
    AMENDMENT_PROPAGATION = "amendment-propagation"
    PAYMENT_STATUS = "payment-status"
    MASTER_DATA_REFRESH = "master-data-refresh"
    """These begin in one system and are kept when every other one has taken it over (`simulator.firm.handover`).

    Changes of master data belong to no contract: they are the subjects of `Truth.loose_subjects`.
    """


class Via(StrEnum):
    """What leads from an event to its contract, strongest first."""

    OBJECT = "object"
    ORIGIN = "origin"
    """An event of the opportunity: shown with the contract, not glued to it."""
    CORRELATION_ID = "correlation_id"
    """The event has no objects; others of the same correlation id have."""
    TRACE = "trace"
    """The event has no objects, nor has any of its correlation id; spans of the run name the contract."""


class OwnedEvent(_Value):
    """An event that belongs to a contract."""

    id: str
    source: str
    type: str
    via: Via


class Milestone(_Value):
    """Something that happened to a contract, by the canonical type of the event that tells of it."""

    type: str
    system: str
    subject_key: str
    at: datetime


class Subject(_Value):
    """One thing a promise was made for. `stopped_at` is empty when the promise is not kept yet."""

    promise: Promise
    contract_key: str
    subject_key: str
    started_at: datetime
    stopped_at: datetime | None
    is_cancelled: bool = False

    def elapsed_s(self, now: datetime) -> float:
        """Answer the seconds between start and stop, or until now."""
        return ((self.stopped_at or now) - self.started_at).total_seconds()


class Amounts(_Value):
    """Money of one contract, in its currency. `invoiced` and `paid` are the contract's share of shared invoices."""

    contract_value: Decimal
    """As signed, or as the last approved amendment in effect says."""
    approved: Decimal
    posted: Decimal
    invoiced: Decimal
    """Copies issued by mistake included."""
    invoiced_twice: Decimal
    """The part of `invoiced` that is such copies."""
    paid: Decimal


class ContractTruth(_Value):
    """Everything that happened to one contract."""

    handle: str
    key: str
    opportunity_key: str
    client: str
    region: str
    legal_entity: str
    billing_model: str
    currency: str
    owner: str
    signed_at: datetime
    cancelled_at: datetime | None
    object_keys: tuple[str, ...]
    """Its own and all glued to it, in every system, itself included; not the opportunity, the client or workers."""
    events: tuple[OwnedEvent, ...]
    milestones: tuple[Milestone, ...]
    subjects: tuple[Subject, ...]
    amounts: Amounts


class DuplicateInvoice(_Value):
    """An invoice that went out a second time under another number."""

    invoice_key: str
    copy_key: str
    amount: Decimal
    currency: str


class Truth(_Value):
    """The firm as it truly is at `as_of`."""

    seed: int
    as_of: datetime
    contracts: tuple[ContractTruth, ...]
    unmatched_events: tuple[OwnedEvent, ...]
    """Events that belong to no contract: failed jobs of which only the correlation id is known."""
    loose_events: tuple[OwnedEvent, ...]
    """Events about things that belong to no contract: changes of master data."""
    loose_subjects: tuple[Subject, ...]
    """What was promised about such things; their `contract_key` is empty."""
    duplicate_invoices: tuple[DuplicateInvoice, ...]
    event_count: int
    """Distinct events told."""
    redelivered_count: int
    """Events told once more, the same in every byte."""

    def subjects_of(self, promise: Promise | str) -> tuple[Subject, ...]:
        """Answer every subject of one promise. A subject shared by contracts is listed once for each."""
        subjects = [*self.loose_subjects, *(subject for contract in self.contracts for subject in contract.subjects)]
        return tuple(subject for subject in subjects if subject.promise == promise)
