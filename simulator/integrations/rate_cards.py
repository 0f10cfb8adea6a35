"""Rate cards: a nightly job that concerns no contract. When it fails, only its correlation id is known."""

from simulator.firm import intent
from simulator.integrations.work import Work
from simulator.systems import crm


def sync(work: Work, facts: intent.SyncRateCards) -> None:
    """Read the rate cards from the CRM."""
    del facts
    work.call(crm.READ_RATE_CARDS, crm.ReadRateCards())
