"""What the firm hands over from one system to others, and the promise that stands behind each: pure facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Step:
    """A system enters the thing, and an event tells of it."""

    system: str
    event: str


@dataclass(frozen=True, slots=True)
class Handover:
    """`kind` is the object's type. `parent`: what it is part of; `promises`: each with the steps that keep it."""

    kind: str
    start: Step
    stops: tuple[Step, ...]
    parent: str
    promises: tuple[tuple[str, tuple[int, ...]], ...]


HANDOVERS: Mapping[str, Handover] = MappingProxyType(
    {
        one.kind: one
        for one in (
            Handover(
                "expense",
                Step("psa", "expense.approved"),
                (Step("erp", "expense.posted"),),
                "project",
                (("expense-posting", (0,)),),
            ),
            Handover(
                "revenue_entry",
                Step("psa", "revenue.recognised"),
                (Step("erp", "revenue.posted"),),
                "project",
                (("revenue-posting", (0,)),),
            ),
            Handover(
                "billing_event",
                Step("psa", "billing_event.released"),
                (Step("erp", "billing_event.synced"), Step("erp", "billing_event.invoiced")),
                "project",
                (("billing-event-sync", (0,)), ("time-to-bill", (1,))),
            ),
            Handover(
                "status_report",
                Step("psa", "project.status_reported"),
                (Step("portfolio", "portfolio.refreshed"),),
                "project",
                (("portfolio-refresh", (0,)),),
            ),
            Handover(
                "amendment",
                Step("crm", "amendment.approved"),
                (Step("psa", "amendment.applied"), Step("erp", "amendment.applied")),
                "contract",
                (("amendment-propagation", (0, 1)),),
            ),
            Handover(
                "payment",
                Step("erp", "payment.cleared"),
                (Step("crm", "payment.status_synced"),),
                "",
                (("payment-status", (0,)),),
            ),
            Handover(
                "master_data_change",
                Step("crm", "master_data.changed"),
                (Step("psa", "master_data.refreshed"), Step("erp", "master_data.refreshed")),
                "",
                (("master-data-refresh", (0, 1)),),
            ),
        )
    }
)
