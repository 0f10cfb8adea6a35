"""The settings of the doors and of the journal behind them. Sizes are bytes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from billtrail.settings import RoomSettings
from collector.source_settings import SourceSettings

MIB = 1 << 20
# What an object of JSON may take in memory while it is read.
JSON_OBJECT_BYTES = 512


class CollectorSettings(RoomSettings):
    """`tokens` are `[source[:scopes]=]token`, see `receive/token.py`; `tokens_file` holds more of them, one a line, and
    is read again when it changes. With neither the doors listen on loopback only. `command_token` is what our own
    commands show, where the doors know their tokens by hashes alone. `tls_cert`, `tls_key` are PEM files.

    Port 0 is any free one. `grpc_port` -1 means no OTLP/gRPC; unset, it is 0 where `http_port` is 0.
    A body that takes longer than `receive_seconds` to come in is refused, and its connection closed; so is one whose
    request does not even begin. `max_connections` is for each port, and never more than a quarter of the files this
    process may open; beyond it the longest idle one is closed over HTTP, and the newest over gRPC.
    `webhook_origins` may send events as a web hook after a handshake; `*` is every origin.
    `max_body_bytes` counts what is on the wire, `max_decompressed_bytes` what it becomes; `max_import_bytes` is for a
    log that is sent to a running platform. `max_in_flight_bytes` is what all requests together may hold, from their
    first byte until they are durable or refused; beyond it the doors answer 503. Spans with more than
    `max_span_attributes` (events' and links' not counted) or `max_span_bytes` are refused alone; resources and scopes,
    which are kept with each span, may come to `max_expanded_bytes` in a request; an event of more than
    `max_event_bytes` is refused with its batch, and as a log record alone, as is one with more than
    `max_span_attributes`.
    `source_requests_per_second` and `source_bytes_per_second` (decompressed) are for each source, by its tokens; 0 is
    no limit. `segment_seconds` is the longest a record waits in an open segment, unless the loader is
    behind: shorter means sooner visible, longer means fewer and larger inserts.
    `journal_max_bytes` is how much may wait for the store before the doors answer 503.
    `sources_dir` holds the firm's own folders of sources; `sources` is what it says about single ones, by name.
    """

    section: ClassVar[str] = "collector"

    http_host: str = "127.0.0.1"
    http_port: int = Field(4318, ge=0, le=65535)
    grpc_host: str = "127.0.0.1"
    grpc_port: int = Field(4317, ge=-1, le=65535)
    tokens: tuple[SecretStr, ...] = ()
    tokens_file: Path | None = None
    command_token: SecretStr | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    webhook_origins: tuple[str, ...] = ()
    receive_seconds: float = Field(30, gt=0)
    max_connections: int = Field(1000, gt=0)
    max_body_bytes: int = Field(32 * MIB, gt=0)
    max_decompressed_bytes: int = Field(64 * MIB, gt=0)
    max_in_flight_bytes: int = Field(512 * MIB, gt=0)
    max_json_objects: int = Field(500_000, gt=0)
    max_import_bytes: int = Field(512 * MIB, gt=0)
    max_batch_events: int = Field(10_000, gt=0)
    max_event_bytes: int = Field(MIB, gt=0)
    max_request_spans: int = Field(100_000, gt=0)
    max_span_attributes: int = Field(2_000, gt=0)
    max_span_bytes: int = Field(4 * MIB, gt=0)
    max_expanded_bytes: int = Field(256 * MIB, gt=0)
    source_requests_per_second: float = Field(0, ge=0)
    source_bytes_per_second: int = Field(0, ge=0)
    journal_dir: Path | None = None
    journal_max_bytes: int = Field(4096 * MIB, gt=0)
    segment_bytes: int = Field(64 * MIB, gt=0)
    segment_seconds: float = Field(0.5, gt=0)
    sources_dir: Path | None = None
    sources: Mapping[str, SourceSettings] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _choose_ports_together(cls, values: Any) -> Any:
        if isinstance(values, dict) and str(values.get("http_port")) == "0":
            return {"grpc_port": 0, **values}
        return values

    @field_validator("sources", mode="before")
    @classmethod
    def _read_sources(cls, value: Any) -> Any:
        """In the environment they are one JSON object."""
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError(f"expected a JSON object: {error}") from error

    @model_validator(mode="after")
    def _take_the_largest_request(self) -> Self:
        largest = self.max_body_bytes + self.max_decompressed_bytes + self.max_json_objects * JSON_OBJECT_BYTES
        if self.max_in_flight_bytes < largest:
            raise ValueError(
                f"max_in_flight_bytes is less than one request may hold: {largest}, which is max_body_bytes, "
                f"max_decompressed_bytes and {JSON_OBJECT_BYTES} bytes for each of max_json_objects"
            )
        return self

    @model_validator(mode="after")
    def _need_both_of_tls(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together")
        return self

    @property
    def tls(self) -> tuple[Path, Path] | None:
        """Certificate and key of both ports, or None."""
        return (self.tls_cert, self.tls_key) if self.tls_cert and self.tls_key else None

    @property
    def has_token(self) -> bool:
        """Whether the doors ask for a token."""
        return bool(self.tokens) or self.tokens_file is not None
