"""Where the data lives and which of the three topologies holds it."""

from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from pydantic import Field, SecretStr

from billtrail.settings import RoomSettings


class Topology(StrEnum):
    """Who runs the engine (DESIGN: one code, three places)."""

    EMBEDDED = "embedded"
    SERVER = "server"
    CLUSTER = "cluster"


class StoreSettings(RoomSettings):
    """`url` empty means the embedded engine in `data`; `cluster` named means replicated tables on that cluster.

    With less than `min_free_bytes` on the disk of the data or of the journal the doors refuse, and with less than half
    of it the embedded engine takes no row of any room: a disk that fills during an insert damages what is there.
    """

    section: ClassVar[str] = "store"

    data: Path = Path("billtrail-data")
    url: str = ""
    database: str = "billtrail"
    username: str = "default"
    password: SecretStr = SecretStr("")
    cluster: str = ""
    min_free_bytes: int = Field(default=256 << 20, ge=0)

    @property
    def engine_min_free_bytes(self) -> int:
        return self.min_free_bytes // 2

    @property
    def topology(self) -> Topology:
        if not self.url:
            return Topology.EMBEDDED
        return Topology.CLUSTER if self.cluster else Topology.SERVER
