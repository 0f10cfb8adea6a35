"""The settings of the SLA room, section `[slos]`."""

from datetime import date
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from billtrail.settings import RoomSettings

_HERE = Path(__file__).parent


class SlosSettings(RoomSettings):
    """A folder named here replaces the one that comes with Billtrail, it is not added to it."""

    section: ClassVar[str] = "slos"

    definitions: Path = _HERE / "definitions"
    calendars: Path = _HERE / "calendars"
    runbooks: Path = _HERE / "runbooks"
    burn_windows: Path = _HERE / "windows"
    exclusions: Path = _HERE / "exclusions"
    runbook_base_url: str = Field(
        default="slos/runbooks", description="what a runbook's name is put behind to make a link"
    )
    judge_every_ms: int = Field(default=300, ge=50)
    reload_every_ms: int = Field(default=10_000, ge=100)
    calendar_from: date = Field(
        default=date(2018, 1, 1), description="open time is counted from here; older clocks start here"
    )
    calendar_years_ahead: int = Field(default=3, ge=1, le=20)
    predict_every_ms: int = Field(default=60_000, ge=50)
    history_days: int = Field(default=180, ge=1, description="what came due in this time is what predictions rest on")
    history_sample: int = Field(
        default=30, ge=1, description="with fewer promises that took as long nothing is predicted"
    )
    budget_every_ms: int = Field(default=15_000, ge=50)
    unknown_when_silent: bool = Field(
        default=True,
        description="a source silent for longer than is ordinary makes its late clocks unknown, not breached",
    )
