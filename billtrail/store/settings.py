"""Where the data lives and which of the three topologies holds it."""

from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from billtrail.settings import RoomSettings


class Topology(StrEnum):
    """Who runs the engine (DESIGN: one code, three places)."""

    EMBEDDED = "embedded"
    SERVER = "server"
    CLUSTER = "cluster"


class StoreSettings(RoomSettings):
    """`url` empty means the embedded engine in `data`; `cluster` named means replicated tables on that cluster."""

    section: ClassVar[str] = "store"

    data: Path = Path("billtrail-data")
    url: str = ""
    database: str = "billtrail"
    username: str = "default"
    password: SecretStr = SecretStr("")
    cluster: str = ""

    @property
    def topology(self) -> Topology:
        if not self.url:
            return Topology.EMBEDDED
        return Topology.CLUSTER if self.cluster else Topology.SERVER
