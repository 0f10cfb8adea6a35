"""What of the data an export holds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

_ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)


class Choice(BaseModel):
    """Empty is everything. What is chosen by journey or lifecycle, or begins at an instant, is an excerpt: it holds
    what its events name and nothing besides.
    """

    model_config = ConfigDict(frozen=True)

    journey: str = ""
    since: datetime | None = None
    lifecycles: Sequence[str] = ()

    @property
    def is_whole(self) -> bool:
        return not (self.journey or self.since or self.lifecycles)

    @property
    def params(self) -> dict[str, Any]:
        since = self.since or _ALWAYS
        return {
            "journey": self.journey,
            "lifecycles": list(self.lifecycles),
            "since": since.replace(tzinfo=since.tzinfo or UTC),
            "is_excerpt": bool(self.journey or self.lifecycles),
            "is_whole": self.is_whole,
        }
