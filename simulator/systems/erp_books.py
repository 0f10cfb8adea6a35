"""The ERP's books: postings, invoices and payments. Documents are numbered `4907000042`, invoices `INV-7020042`."""

from dataclasses import dataclass, field
from decimal import Decimal

from billtrail.model.vocabulary import ErrorCategory
from simulator.systems.books import Books, Pace
from simulator.systems.erp import (
    FIND_UNBILLED,
    ISSUE_INVOICE,
    OPEN_PROJECT,
    POST_TIME,
    READ_INVOICE,
    RECEIVE_PAYMENT,
    REISSUE_INVOICE,
    RELEASE_MILESTONE,
    SYSTEM,
    ErpProject,
    FindUnbilled,
    Invoice,
    InvoiceLine,
    IssueInvoice,
    OpenProject,
    Payment,
    Posting,
    PostTime,
    ReadInvoice,
    ReceivePayment,
    ReissueInvoice,
    ReleaseMilestone,
    Unbilled,
)
from simulator.systems.failure import SystemFailure


@dataclass(slots=True)
class _Unbilled:
    time: list[Posting] = field(default_factory=list)
    milestones: list[Posting] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((posting.value for posting in [*self.time, *self.milestones]), Decimal(0))


class Erp(Books):
    """The ERP's records."""

    system = SYSTEM

    def __init__(self, pace: Pace, seed: int) -> None:
        super().__init__(pace, seed)
        self.projects: dict[str, ErpProject] = {}
        self.time_postings: dict[str, Posting] = {}
        """By the PSA's id of the time entry."""
        self.milestones: dict[str, Posting] = {}
        """By the PSA's id of the milestone."""
        self.invoices: dict[str, Invoice] = {}
        self.payments: dict[str, list[Payment]] = {}
        """By invoice number."""
        self._unbilled: dict[str, _Unbilled] = {}
        self._payment_count = 0
        self.offer(OPEN_PROJECT, self.open_project)
        self.offer(POST_TIME, self.post_time)
        self.offer(RELEASE_MILESTONE, self.release_milestone)
        self.offer(FIND_UNBILLED, self.find_unbilled)
        self.offer(ISSUE_INVOICE, self.issue_invoice)
        self.offer(REISSUE_INVOICE, self.reissue_invoice)
        self.offer(READ_INVOICE, self.read_invoice)
        self.offer(RECEIVE_PAYMENT, self.receive_payment)

    def open_project(self, ask: OpenProject) -> ErpProject:
        id = str(self.first_number + 400_101 + len(self.projects))
        project = ErpProject(id, ask.psa_project_id, ask.legal_entity, ask.currency, self.pace.now())
        self.projects[id] = project
        self._unbilled[id] = _Unbilled()
        return project

    def post_time(self, ask: PostTime) -> Posting:
        if ask.psa_entry_id in self.time_postings:
            raise SystemFailure(SYSTEM, ErrorCategory.DUPLICATE, f"{ask.psa_entry_id} is posted already")
        id = str(self.first_number + 4_900_000_001 + len(self.time_postings))
        posting = Posting(id, ask.psa_entry_id, ask.project_id, ask.value, self.pace.now())
        self.time_postings[ask.psa_entry_id] = posting
        self._unbilled[ask.project_id].time.append(posting)
        return posting

    def release_milestone(self, ask: ReleaseMilestone) -> Posting:
        id = str(self.first_number + 6_100_000_001 + len(self.milestones))
        posting = Posting(id, ask.psa_milestone_id, ask.project_id, ask.value, self.pace.now())
        self.milestones[ask.psa_milestone_id] = posting
        self._unbilled[ask.project_id].milestones.append(posting)
        return posting

    def find_unbilled(self, ask: FindUnbilled) -> Unbilled:
        return Unbilled(sum((self._unbilled[id].total for id in ask.project_ids), Decimal(0)))

    def issue_invoice(self, ask: IssueInvoice) -> Invoice:
        billed = {id: self._unbilled[id] for id in ask.project_ids if self._unbilled[id].total}
        if not billed:
            raise SystemFailure(SYSTEM, ErrorCategory.VALIDATION, "nothing to bill")
        project = self.projects[ask.project_ids[0]]
        invoice = Invoice(
            number=self._next_invoice_number(),
            client=ask.client,
            region=ask.region,
            legal_entity=project.legal_entity,
            currency=project.currency,
            lines=tuple(InvoiceLine(id, unbilled.total) for id, unbilled in billed.items()),
            time_ids=tuple(posting.id for unbilled in billed.values() for posting in unbilled.time),
            milestone_ids=tuple(posting.id for unbilled in billed.values() for posting in unbilled.milestones),
            total=sum((unbilled.total for unbilled in billed.values()), Decimal(0)),
            issued_at=self.pace.now(),
        )
        self.invoices[invoice.number] = invoice
        self._unbilled.update({id: _Unbilled() for id in billed})
        return invoice

    def reissue_invoice(self, ask: ReissueInvoice) -> Invoice:
        """Print an invoice once more. By mistake it gets a number of its own."""
        first = self.invoices[ask.number]
        invoice = Invoice(
            number=self._next_invoice_number(),
            client=first.client,
            region=first.region,
            legal_entity=first.legal_entity,
            currency=first.currency,
            lines=first.lines,
            time_ids=first.time_ids,
            milestone_ids=first.milestone_ids,
            total=first.total,
            issued_at=self.pace.now(),
            copy_of=first.number,
        )
        self.invoices[invoice.number] = invoice
        return invoice

    def read_invoice(self, ask: ReadInvoice) -> Invoice:
        if ask.number not in self.invoices:
            raise SystemFailure(SYSTEM, ErrorCategory.NOT_FOUND, f"no invoice {ask.number}")
        return self.invoices[ask.number]

    def receive_payment(self, ask: ReceivePayment) -> Payment:
        invoice = self.invoices[ask.invoice_number]
        history = self.payments.setdefault(invoice.number, [])
        open_amount = invoice.total - sum((payment.amount for payment in history), Decimal(0))
        amount = open_amount if ask.share == 1 else (invoice.total * ask.share).quantize(Decimal("0.01"))
        self._payment_count += 1
        id = str(self.first_number + 1_400_000_000 + self._payment_count)
        payment = Payment(id, invoice.number, amount, invoice.currency, self.pace.now())
        history.append(payment)
        return payment

    def _next_invoice_number(self) -> str:
        return f"INV-{self.first_number + 20_001 + len(self.invoices)}"
