"""Payments, from the bank statement into the ERP."""

from billtrail.model.object_key import ObjectKey
from simulator.firm import intent
from simulator.integrations.invoices import invoice_key
from simulator.integrations.work import Work
from simulator.systems import erp


def receive(work: Work, facts: intent.ReceivePayment) -> None:
    """Book a payment on its invoice."""
    number = work.crosswalk.get(erp.SYSTEM, "invoice", facts.invoice)
    payment = work.call(erp.RECEIVE_PAYMENT, erp.ReceivePayment(number, facts.share))
    work.crosswalk.note(erp.SYSTEM, "payment", facts.invoice, payment.id)
    work.run.emit(
        "payment.received",
        occurred_at=payment.received_at,
        subject=ObjectKey(erp.SYSTEM, "payment", payment.id),
        part_of=invoice_key(payment.invoice_number),
        lines={invoice_key(payment.invoice_number): payment.amount},
        amount=payment.amount,
        currency=payment.currency,
    )
