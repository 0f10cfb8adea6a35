"""Where the pages are served, who may see them, and how often they look again."""

from typing import ClassVar

from pydantic import Field, SecretStr

from billtrail.settings import RoomSettings


class DashboardsSettings(RoomSettings):
    """Without a `token` the pages are served on loopback only; with one, every visitor is asked for it."""

    section: ClassVar[str] = "dashboards"

    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    token: SecretStr = SecretStr("")
    on_call_every_s: float = Field(default=5.0, ge=1, description="how often the on-call page looks again")
    executive_every_s: float = Field(default=30.0, ge=1, description="how often the executive page looks again")
