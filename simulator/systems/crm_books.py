"""The CRM's books: what it keeps of opportunities, contracts and invoices. Ids look like `8005g000004GHW4`."""

from dataclasses import replace
from datetime import date

from billtrail.model.vocabulary import ErrorCategory
from simulator.systems.books import Books, Pace
from simulator.systems.crm import (
    AMEND_CONTRACT,
    CANCEL_CONTRACT,
    READ_CONTRACT,
    READ_RATE_CARDS,
    SET_INVOICE_STATUS,
    SIGN_CONTRACT,
    SYSTEM,
    AmendContract,
    Amendment,
    CancelContract,
    Contract,
    ContractTerms,
    InvoiceRecord,
    RateCards,
    ReadContract,
    ReadRateCards,
    SetInvoiceStatus,
)
from simulator.systems.failure import SystemFailure


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
        number = len(self.contracts)
        client_id = self._clients.setdefault(terms.client, self._next_id("001", len(self._clients)))
        contract = Contract(
            self._next_id("800", number), self._next_id("006", number), client_id, terms, self.pace.now()
        )
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
        id = history[0].id if history else self._next_id("a0J", len(self.invoice_records))
        record = InvoiceRecord(id, ask.invoice_number, ask.status, self.pace.now())
        history.append(record)
        return record

    def read_rate_cards(self, ask: ReadRateCards) -> RateCards:
        return RateCards(self.pace.now().date())

    def _next_id(self, prefix: str, number: int) -> str:
        return f"{prefix}5g{_to_base36(self.first_number + 12_000 + number).rjust(10, '0')}"


def _to_base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + text
    return text
