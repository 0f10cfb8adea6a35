"""Contracts, from the CRM's outbox."""

from billtrail.model.object_key import ObjectKey
from simulator.firm import intent
from simulator.integrations.work import Work
from simulator.systems import crm


def sign(work: Work, facts: intent.SignContract) -> None:
    """Close the contract in the CRM. The CRM's outbox tells of it, not this run."""
    contract = work.call(crm.SIGN_CONTRACT, facts.terms)
    work.crosswalk.note(crm.SYSTEM, "contract", facts.contract, contract.id)


def announce(work: Work, facts: intent.AnnounceContract) -> None:
    """Tell of the won opportunity and the signed contract.

    When the outbox is late, others have told of the contract first.
    """
    contract = work.call(
        crm.READ_CONTRACT, crm.ReadContract(work.crosswalk.get(crm.SYSTEM, "contract", facts.contract))
    )
    terms = contract.terms
    opportunity = ObjectKey(crm.SYSTEM, "opportunity", contract.opportunity_id)
    client = ObjectKey(crm.SYSTEM, "client", contract.client_id)
    work.run.emit(
        "opportunity.won",
        occurred_at=contract.signed_at,
        subject=opportunity,
        references=client,
        client=terms.client,
        amount=terms.value,
        currency=terms.currency,
    )
    work.run.emit(
        "contract.signed",
        occurred_at=contract.signed_at,
        subject=contract_key(contract.id),
        origin=opportunity,
        references=client,
        client=terms.client,
        region=terms.region,
        legal_entity=terms.legal_entity,
        billing_model=terms.billing_model,
        owner=terms.owner,
        amount=terms.value,
        currency=terms.currency,
        attributes={"title": terms.title},
    )


def amend(work: Work, facts: intent.AmendContract) -> None:
    """Change the contract's value, or talk about it."""
    contract_id = work.crosswalk.get(crm.SYSTEM, "contract", facts.contract)
    ask = crm.AmendContract(contract_id, facts.value, facts.status, facts.effective_in_days)
    contract = work.call(crm.READ_CONTRACT, crm.ReadContract(contract_id))
    amendment = work.call(crm.AMEND_CONTRACT, ask)
    work.run.emit(
        "contract.amended",
        occurred_at=amendment.amended_at,
        subject=contract_key(contract_id),
        amount=amendment.value,
        currency=contract.terms.currency,
        attributes={
            "status": amendment.status,
            "effective_on": amendment.effective_on.isoformat(),
            "number": str(amendment.number),
        },
    )


def cancel(work: Work, facts: intent.CancelContract) -> None:
    """Take the contract back."""
    contract_id = work.crosswalk.get(crm.SYSTEM, "contract", facts.contract)
    contract = work.call(crm.CANCEL_CONTRACT, crm.CancelContract(contract_id))
    work.run.emit(
        "contract.cancelled", occurred_at=contract.cancelled_at or work.pace.now(), subject=contract_key(contract.id)
    )


def contract_key(id: str) -> ObjectKey:
    return ObjectKey(crm.SYSTEM, "contract", id)
