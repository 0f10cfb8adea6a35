"""The CRM as others see it: opportunities, contracts, and what sales knows of the invoices."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from simulator.systems.operation import Operation

SYSTEM = "crm"


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What was agreed. `value` is the whole contract, in `currency`."""

    client: str
    title: str
    billing_model: str
    currency: str
    value: Decimal
    region: str
    legal_entity: str
    owner: str


@dataclass(frozen=True, slots=True)
class Contract:
    id: str
    opportunity_id: str
    client_id: str
    terms: ContractTerms
    signed_at: datetime
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadContract:
    id: str


@dataclass(frozen=True, slots=True)
class CancelContract:
    id: str


@dataclass(frozen=True, slots=True)
class AmendContract:
    """A change of the contract's value. Only `status` approved binds; draft is still being talked about."""

    contract_id: str
    value: Decimal
    status: str
    effective_in_days: int


@dataclass(frozen=True, slots=True)
class Amendment:
    contract_id: str
    number: int
    value: Decimal
    status: str
    effective_on: date
    amended_at: datetime


@dataclass(frozen=True, slots=True)
class SetInvoiceStatus:
    invoice_number: str
    status: str


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """The CRM's own record of an ERP invoice."""

    id: str
    invoice_number: str
    status: str
    synced_at: datetime


@dataclass(frozen=True, slots=True)
class ReadRateCards:
    pass


@dataclass(frozen=True, slots=True)
class RateCards:
    valid_on: date


SIGN_CONTRACT = Operation(SYSTEM, "POST", "/contracts", ContractTerms, Contract)
READ_CONTRACT = Operation(SYSTEM, "POST", "/contracts/read", ReadContract, Contract)
CANCEL_CONTRACT = Operation(SYSTEM, "POST", "/contracts/cancel", CancelContract, Contract)
AMEND_CONTRACT = Operation(SYSTEM, "POST", "/amendments", AmendContract, Amendment)
SET_INVOICE_STATUS = Operation(SYSTEM, "PUT", "/invoice-records", SetInvoiceStatus, InvoiceRecord)
READ_RATE_CARDS = Operation(SYSTEM, "POST", "/rate-cards/read", ReadRateCards, RateCards)
OPERATIONS = (SIGN_CONTRACT, READ_CONTRACT, CANCEL_CONTRACT, AMEND_CONTRACT, SET_INVOICE_STATUS, READ_RATE_CARDS)
