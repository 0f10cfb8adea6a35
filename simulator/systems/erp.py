"""The ERP as others see it: postings, invoices and payments."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from simulator.systems.operation import Operation

SYSTEM = "erp"


@dataclass(frozen=True, slots=True)
class OpenProject:
    psa_project_id: str
    legal_entity: str
    currency: str


@dataclass(frozen=True, slots=True)
class ErpProject:
    id: str
    psa_project_id: str
    legal_entity: str
    currency: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PostTime:
    psa_entry_id: str
    project_id: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class ReleaseMilestone:
    psa_milestone_id: str
    project_id: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Posting:
    """Something that can be billed: posted time, or a released milestone. `psa_id` is what the PSA calls it."""

    id: str
    psa_id: str
    project_id: str
    value: Decimal
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class FindUnbilled:
    project_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unbilled:
    total: Decimal


@dataclass(frozen=True, slots=True)
class IssueInvoice:
    """Bill everything unbilled of these projects."""

    client: str
    region: str
    project_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadInvoice:
    number: str


@dataclass(frozen=True, slots=True)
class ReissueInvoice:
    number: str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    project_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    client: str
    region: str
    legal_entity: str
    currency: str
    lines: tuple[InvoiceLine, ...]
    time_ids: tuple[str, ...]
    milestone_ids: tuple[str, ...]
    total: Decimal
    issued_at: datetime
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class ReceivePayment:
    """A share of an invoice's total, from 0 to 1, rounded to the cent; 1 pays what is still open."""

    invoice_number: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    id: str
    invoice_number: str
    amount: Decimal
    currency: str
    received_at: datetime


OPEN_PROJECT = Operation(SYSTEM, "POST", "/projects", OpenProject, ErpProject)
POST_TIME = Operation(SYSTEM, "POST", "/time-postings", PostTime, Posting)
RELEASE_MILESTONE = Operation(SYSTEM, "POST", "/billing-milestones", ReleaseMilestone, Posting)
FIND_UNBILLED = Operation(SYSTEM, "POST", "/unbilled/find", FindUnbilled, Unbilled)
ISSUE_INVOICE = Operation(SYSTEM, "POST", "/invoices", IssueInvoice, Invoice)
REISSUE_INVOICE = Operation(SYSTEM, "POST", "/invoices/reissue", ReissueInvoice, Invoice)
READ_INVOICE = Operation(SYSTEM, "POST", "/invoices/read", ReadInvoice, Invoice)
RECEIVE_PAYMENT = Operation(SYSTEM, "POST", "/payments", ReceivePayment, Payment)
OPERATIONS = (
    OPEN_PROJECT,
    POST_TIME,
    RELEASE_MILESTONE,
    FIND_UNBILLED,
    ISSUE_INVOICE,
    REISSUE_INVOICE,
    READ_INVOICE,
    RECEIVE_PAYMENT,
)
