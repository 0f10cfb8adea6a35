"""Which dead letters are meant, and what came of replaying them."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from billtrail.model.vocabulary import DeadLetterReason

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2261, 1, 1, tzinfo=UTC)


class Choice(BaseModel):
    """The dead letters that fit all of it; empty means any. `since` is included, `until` is not; both are UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: DeadLetterReason | None = None
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    ids: tuple[str, ...] = ()

    @field_validator("since", "until")
    @classmethod
    def _make_aware(cls, at: datetime | None) -> datetime | None:
        return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at

    @property
    def params(self) -> dict[str, Any]:
        """Write the choice as parameters of `find_replayable`."""
        return {
            "reason": self.reason.value if self.reason else "",
            "source": self.source,
            "since": self.since or _FIRST,
            "until": self.until or _LAST,
            "ids": list(self.ids),
        }


class ReplayWish(BaseModel):
    """What is asked of a replay, by whom and why. Without `applies` it only counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    choice: Choice = Choice()
    applies: bool = False
    actor: str = ""
    why: str = ""


class ReplayReport(BaseModel):
    """What a replay did, or would do when `is_applied` is false; letters by reason and by source.

    `unusable` are letters that cannot go back as they are: bytes damaged on the disk, spans without valid ids.
    """

    is_applied: bool = False
    replayed: int = 0
    unusable: int = 0
    by_reason: dict[str, int] = Field(default_factory=dict)
    by_source: dict[str, int] = Field(default_factory=dict)
    first_unusable: list[str] = Field(default_factory=list)
