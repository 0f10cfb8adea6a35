"""How large the firm is, how long its past, how often things go wrong, and where it reports to."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from billtrail.settings import RoomSettings

Rate: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class FaultRates(BaseModel):
    """How often a step goes wrong, each from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    late_project: Rate = 0.10
    project_missing_in_psa: Rate = 0.03
    project_missing_in_erp: Rate = 0.03
    contract_event_late: Rate = 0.06
    contract_cancelled: Rate = 0.04
    amendment_approved: Rate = 0.12
    amendment_draft: Rate = 0.08
    lost_approval: Rate = 0.03
    late_export: Rate = 0.06
    missed_export: Rate = 0.02
    rejected_posting: Rate = 0.06
    rejection_never_fixed: Rate = 0.4
    broken_export: Rate = 0.04
    late_release: Rate = 0.08
    missed_release: Rate = 0.05
    broken_release: Rate = 0.05
    duplicate_invoice: Rate = 0.02
    late_status_sync: Rate = 0.06
    missed_status_sync: Rate = 0.05
    late_payment: Rate = 0.15
    never_paid: Rate = 0.05
    part_payment: Rate = 0.08
    amendment_signed: Rate = 0.6
    late_handover: Rate = 0.06
    missed_handover: Rate = 0.05
    redelivery: Rate = 0.03
    retried_rate_limit: Rate = 0.05
    retried_timeout: Rate = 0.02
    broken_nightly_job: Rate = 0.05

    @classmethod
    def none(cls) -> "FaultRates":
        """Answer the rates of a firm where nothing ever goes wrong."""
        return cls(**dict.fromkeys(cls.model_fields, 0.0))


class SimulatorSettings(RoomSettings):
    """The settings of the simulated firm. The same settings and the same end of history give the same firm."""

    section: ClassVar[str] = "simulator"

    seed: int = Field(default=7, ge=0)
    """Firms of different seeds share no id. To add a firm to one that is stored already, take another seed."""
    days: int = Field(default=90, ge=1)
    """Days of history before now."""
    contracts: int = Field(default=120, ge=1)
    """Contracts signed within the history."""
    workers_per_project: int = Field(default=4, ge=1)
    invoice_every_days: int = Field(default=14, ge=1)
    faults: FaultRates = FaultRates()
    live_day_seconds: float = Field(default=45.0, gt=0)
    """How long a day of the firm's plan lasts when it goes on live."""
    live_longest_wait_seconds: float = Field(default=3.0, gt=0)
    """Nights and weekends are cut short, so that something happens at least this often."""
    events_per_request: int = Field(default=500, ge=1)
    spans_per_request: int = Field(default=1000, ge=1)
    token: str = Field(default="", repr=False)
    """The collector's bearer token, when it asks for one."""
