"""The CRM: opportunities, contracts and what sales sees of the invoices. Ids look like `8005g0000000A1K`."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from billtrail.model.vocabulary import ErrorCategory
from simulator.systems.books import Books, Pace
from simulator.systems.failure import SystemFailure
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


class Crm(Books):
    """The CRM's records."""

    system = SYSTEM

    def __init__(self, pace: Pace, seed: int) -> None:
        super().__init__(pace, seed)
        self.contracts: dict[str, Contract] = {}
        self.amendments: dict[str, list[Amendment]] = {}
        self.invoice_records: dict[str, list[InvoiceRecord]] = {}
        """All states of the record of an invoice, by the ERP's invoice number, in order."""
        self._clients: dict[str, str] = {}
        self.offer(SIGN_CONTRACT, self.sign)
        self.offer(READ_CONTRACT, self.read)
        self.offer(CANCEL_CONTRACT, self.cancel)
        self.offer(AMEND_CONTRACT, self.amend)
        self.offer(SET_INVOICE_STATUS, self.set_invoice_status)
        self.offer(READ_RATE_CARDS, self.read_rate_cards)

    def sign(self, terms: ContractTerms) -> Contract:
        number = len(self.contracts) + 1
        client_id = self._clients.setdefault(terms.client, _number("001", len(self._clients) + 1))
        contract = Contract(_number("800", number), _number("006", number), client_id, terms, self.pace.now())
        self.contracts[contract.id] = contract
        return contract

    def read(self, ask: ReadContract) -> Contract:
        if ask.id not in self.contracts:
            raise SystemFailure(SYSTEM, ErrorCategory.NOT_FOUND, f"no contract {ask.id}")
        return self.contracts[ask.id]

    def cancel(self, ask: CancelContract) -> Contract:
        contract = replace(self.contracts[ask.id], cancelled_at=self.pace.now())
        self.contracts[contract.id] = contract
        return contract

    def amend(self, ask: AmendContract) -> Amendment:
        history = self.amendments.setdefault(ask.contract_id, [])
        now = self.pace.now()
        effective_on = date.fromordinal(now.date().toordinal() + ask.effective_in_days)
        amendment = Amendment(ask.contract_id, len(history) + 1, ask.value, ask.status, effective_on, now)
        history.append(amendment)
        return amendment

    def set_invoice_status(self, ask: SetInvoiceStatus) -> InvoiceRecord:
        history = self.invoice_records.setdefault(ask.invoice_number, [])
        id = history[0].id if history else _number("a0J", len(self.invoice_records))
        record = InvoiceRecord(id, ask.invoice_number, ask.status, self.pace.now())
        history.append(record)
        return record

    def read_rate_cards(self, ask: ReadRateCards) -> RateCards:
        return RateCards(self.pace.now().date())


def _number(prefix: str, number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    number += 12_000
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return f"{prefix}5g{text.rjust(10, '0')}"
