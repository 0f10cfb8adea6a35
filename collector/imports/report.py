"""What came of an import: counts, and what the log itself has wrong, with examples."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ImportReport:
    """What an import put into the journal.

    `records` is what the journal took: objects, events and, where the log says something of itself, one for that.
    `dangling` shows the first of `dangling_count` references to nothing, `dangling_kinds` counts all of them by what
    refers and as what; they are kept, to objects of the type `unknown`. `strays` are what a log says of nothing it
    declares, and what no record can hold: they are not kept.
    """

    source: str
    format: str = ""
    records: int = 0
    events: int = 0
    objects: int = 0
    event_relations: int = 0
    object_relations: int = 0
    events_without_time: int = 0
    dangling_count: int = 0
    dangling_from_events: int = 0
    dangling_from_objects: int = 0
    dangling_objects: int = 0
    dangling_kinds: dict[str, int] = field(default_factory=dict)
    dangling: list[str] = field(default_factory=list)
    stray_count: int = 0
    stray_kinds: dict[str, int] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
