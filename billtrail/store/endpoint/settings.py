"""Where the read endpoint listens, who may ask, and how much one question may cost."""

from typing import ClassVar

from pydantic import Field, SecretStr

from billtrail.settings import RoomSettings


class ReadSettings(RoomSettings):
    """Without a `token` the endpoint listens on loopback only. The limits hold whatever a client asks for."""

    section: ClassVar[str] = "read"

    host: str = "127.0.0.1"
    port: int = Field(default=8123, ge=0, le=65535)
    token: SecretStr = SecretStr("")
    max_parallel: int = Field(default=4, ge=1, description="queries that run at the same time")
    max_wait_s: float = Field(default=10.0, gt=0, description="how long a query may queue for a lane")
    max_execution_s: float = Field(default=30.0, gt=0, description="longest run of one query")
    max_memory_mb: int = Field(default=2048, ge=16, description="most memory of one query")
    max_query_kb: int = Field(default=256, ge=1, description="longest text of one query")
