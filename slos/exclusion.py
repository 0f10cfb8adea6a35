"""A stretch of time that counts for no promise, with who decided it and why, as a document.

Put in force by its file being there, taken back by the file being gone; both are audited (see
`slos/exclusions/README.md`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from slos.section import Section


@dataclass(frozen=True, slots=True)
class Exclusion:
    """From `starts_at` to `ends_at` clocks stand still. An empty tuple means all of them."""

    exclusion: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    decided_by: str
    slas: tuple[str, ...]
    legal_entities: tuple[str, ...]
    regions: tuple[str, ...]


def read_exclusion(document: Section, slas: Iterable[str]) -> Exclusion | None:
    """Read one document against the SLAs there are; None when something stands in its source's problems."""
    known = len(document.source.problems)
    document.only("exclusion", "from", "until", "reason", "decided_by", "slas", "legal_entities", "regions")
    starts_at, ends_at = _read_instant(document, "from"), _read_instant(document, "until")
    if starts_at and ends_at and starts_at >= ends_at:
        document.complain("until", "ends before it begins")
    exclusion = Exclusion(
        exclusion=document.text("exclusion"),
        starts_at=starts_at or datetime(1970, 1, 1, tzinfo=UTC),
        ends_at=ends_at or datetime(1970, 1, 1, tzinfo=UTC),
        reason=document.text("reason"),
        decided_by=document.text("decided_by"),
        slas=document.choices("slas", slas, "SLA"),
        legal_entities=document.texts("legal_entities"),
        regions=document.texts("regions"),
    )
    return exclusion if len(document.source.problems) == known else None


def _read_instant(document: Section, key: str) -> datetime | None:
    texts = document.scalars(key)
    try:
        instant = datetime.fromisoformat(texts[0] if texts else "")
    except ValueError:
        document.complain(key, "expected an instant", "write 2026-05-01T18:00:00+02:00")
        return None
    if instant.tzinfo is None:
        document.complain(key, "has no time zone", "write 2026-05-01T18:00:00+02:00, or Z for UTC")
        return None
    return instant.astimezone(UTC)
