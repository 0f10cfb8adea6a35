"""The settings of the doors and of the journal behind them. Sizes are bytes."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field, SecretStr

from billtrail.settings import RoomSettings

MIB = 1 << 20


class CollectorSettings(RoomSettings):
    """`tokens` are `source=token` pairs or bare tokens; none means that the doors listen on loopback only.

    `max_body_bytes` counts what is on the wire, `max_decompressed_bytes` what it becomes. `segment_seconds` is the
    longest a record waits in an open segment: shorter means sooner visible, longer means fewer and larger inserts.
    `journal_max_bytes` is how much may wait for the store before the doors answer 503.
    """

    section: ClassVar[str] = "collector"

    http_host: str = "127.0.0.1"
    http_port: int = Field(4318, ge=0, le=65535)
    tokens: tuple[SecretStr, ...] = ()
    max_body_bytes: int = Field(32 * MIB, gt=0)
    max_decompressed_bytes: int = Field(64 * MIB, gt=0)
    max_batch_events: int = Field(10_000, gt=0)
    journal_dir: Path | None = None
    journal_max_bytes: int = Field(4096 * MIB, gt=0)
    segment_bytes: int = Field(64 * MIB, gt=0)
    segment_seconds: float = Field(0.5, gt=0)
