"""The settings of the doors and of the journal behind them. Sizes are bytes."""

from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, SecretStr, model_validator

from billtrail.settings import RoomSettings

MIB = 1 << 20


class CollectorSettings(RoomSettings):
    """`tokens` are `source=token` pairs or bare tokens; none means that the doors listen on loopback only.

    Port 0 is any free one. `grpc_port` -1 means no OTLP/gRPC; unset, it is 0 where `http_port` is 0.
    `webhook_origins` may send events as a web hook after a handshake; `*` is every origin.
    `max_body_bytes` counts what is on the wire, `max_decompressed_bytes` what it becomes; `max_import_bytes` is for a
    log that is sent to a running platform. `segment_seconds` is the longest a record waits in an open segment: shorter
    means sooner visible, longer means fewer and larger inserts.
    `journal_max_bytes` is how much may wait for the store before the doors answer 503.
    """

    section: ClassVar[str] = "collector"

    http_host: str = "127.0.0.1"
    http_port: int = Field(4318, ge=0, le=65535)
    grpc_host: str = "127.0.0.1"
    grpc_port: int = Field(4317, ge=-1, le=65535)
    tokens: tuple[SecretStr, ...] = ()
    webhook_origins: tuple[str, ...] = ()
    max_body_bytes: int = Field(32 * MIB, gt=0)
    max_decompressed_bytes: int = Field(64 * MIB, gt=0)
    max_import_bytes: int = Field(512 * MIB, gt=0)
    max_batch_events: int = Field(10_000, gt=0)
    max_request_spans: int = Field(100_000, gt=0)
    journal_dir: Path | None = None
    journal_max_bytes: int = Field(4096 * MIB, gt=0)
    segment_bytes: int = Field(64 * MIB, gt=0)
    segment_seconds: float = Field(0.5, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _choose_ports_together(cls, values: Any) -> Any:
        if isinstance(values, dict) and str(values.get("http_port")) == "0":
            return {"grpc_port": 0, **values}
        return values
