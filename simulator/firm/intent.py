"""An intent: one integration run that is going to happen, with the faults it will meet.

Records do not exist yet, so they are named by handles, such as `a0007-c1-p2`. The run notes which id a system gave to
a handle.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from simulator.systems.crm import ContractTerms
from simulator.systems.fault import Fault


@dataclass(frozen=True, slots=True)
class SignContract:
    contract: str
    terms: ContractTerms


@dataclass(frozen=True, slots=True)
class AnnounceContract:
    contract: str


@dataclass(frozen=True, slots=True)
class AmendContract:
    contract: str
    value: Decimal
    status: str
    effective_in_days: int


@dataclass(frozen=True, slots=True)
class CancelContract:
    contract: str


@dataclass(frozen=True, slots=True)
class SetUpProjects:
    contract: str
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkerWeek:
    worker: str
    rate: Decimal
    hours: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class SubmitTime:
    project: str
    week: str
    sheets: tuple[WorkerWeek, ...]


@dataclass(frozen=True, slots=True)
class ApproveTime:
    project: str
    week: str


@dataclass(frozen=True, slots=True)
class ExportTime:
    project: str
    week: str


@dataclass(frozen=True, slots=True)
class CompleteMilestone:
    project: str
    milestone: str
    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class ApproveMilestone:
    project: str
    milestone: str


@dataclass(frozen=True, slots=True)
class ReleaseMilestone:
    project: str
    milestone: str


@dataclass(frozen=True, slots=True)
class IssueInvoice:
    invoice: str
    client: str
    region: str
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReissueInvoice:
    invoice: str
    copy: str


@dataclass(frozen=True, slots=True)
class SyncInvoice:
    invoice: str
    status: str


@dataclass(frozen=True, slots=True)
class ReceivePayment:
    invoice: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class SyncRateCards:
    """A nightly job that is about no contract at all."""


@dataclass(frozen=True, slots=True)
class Raise:
    """Something begins that other systems are to take over (`simulator.firm.handover`); `kind` says what.

    `legal_entity` and `region` are given where it belongs to no contract.
    """

    kind: str
    handle: str
    contract: str
    project: str
    value: Decimal
    legal_entity: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class PassOn:
    """The next system takes it over: the step `stop` of its kind."""

    kind: str
    handle: str
    contract: str
    stop: int
    value: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Send the events of an earlier intent once more, unchanged, as a restarted relay does."""

    intent: str


Facts = (
    SignContract
    | AnnounceContract
    | AmendContract
    | CancelContract
    | SetUpProjects
    | SubmitTime
    | ApproveTime
    | ExportTime
    | CompleteMilestone
    | ApproveMilestone
    | ReleaseMilestone
    | IssueInvoice
    | ReissueInvoice
    | SyncInvoice
    | ReceivePayment
    | SyncRateCards
    | Raise
    | PassOn
    | Redeliver
)


@dataclass(frozen=True, slots=True)
class Intent:
    """One run to be. `contracts` are the handles of those it concerns; ordered by `at`, then `id`."""

    at: datetime
    id: str
    correlation_id: str
    contracts: tuple[str, ...]
    facts: Facts
    faults: tuple[Fault, ...] = ()
    is_sent_again: bool = False
    """Whether a `Redeliver` of this intent will follow."""

    @property
    def order(self) -> tuple[datetime, str]:
        return self.at, self.id
