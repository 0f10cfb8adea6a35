"""How the correlators are set."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from billtrail.settings import RoomSettings


class CorrelatorsSettings(RoomSettings):
    """`journeys` empty means the journeys shipped with Billtrail.

    `batch_events` is the most one step takes: more is faster where much is waiting. An event takes 3.5 KB of memory in
    a step; where more wait, up to eight times as many are divided into batches first, which takes 0.3 KB each.
    """

    section: ClassVar[str] = "correlators"

    journeys: Path | None = None
    interval_ms: int = Field(default=300, ge=10, le=60_000)
    batch_events: int = Field(default=500_000, ge=1)
    detect_every_ms: int = Field(default=5_000, ge=100)
