"""A look at the files of what was inserted, before the journal forgets it.

An engine whose disk fills during an insert may call it done and leave files that hold nothing: often the rows can be
read as long as they are in its memory, and are gone after the next start. Its files tell, where they are within reach:
those of the embedded engine.
"""

import threading
from pathlib import Path

from billtrail.errors import StoreError
from billtrail.store import Store

ROOM = "collector"


TABLES = ("span_records", "raw_events", "dead_letter_rows", "event_versions")
"""What has no other copy, and the events: nobody would know that some are missing. Parts of views are not looked at."""


class Proof:
    """For the tables of all loaders, shared by them, each with its own lane. For any thread.

    A part that holds nothing is dropped by whoever sees it first, who cannot tell whose it is: so everybody who began
    before that loads again, which changes nothing where the part was another's.
    """

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()
        self._dropped = 0
        self._lock = threading.Lock()

    def begin(self) -> int:
        """Answer what `check` wants to know: how it was before the insert."""
        with self._lock:
            return self._dropped

    def check(self, store: Store, segment: int, begun: int) -> None:
        """Look at what was inserted since the last time. Cost: a query of 2 ms, and a look at the new files.

        Raises a transient StoreError where it is not on the disk; then the engine has been told to forget it.
        """
        if store.settings.url:
            return
        with self._lock:
            parts = store.rows(ROOM, "find_parts", {"tables": list(TABLES)})
            folders = {(row["table"], row["part"]): Path(row["path"]) for row in parts}
            new = folders.keys() - self._seen
            hollow = {one: name for one in sorted(new) if (name := _find_hollow(folders[one]))}
            for table, part in hollow:
                store.run(ROOM, "drop_part", {"table": table, "part": part})
                self._dropped += 1
            self._seen = folders.keys() - hollow.keys()
            has_dropped = self._dropped != begun
        if has_dropped:
            told = ", ".join(f"{table}/{part}/{name}" for (table, part), name in hollow.items()) or "a part beside it"
            raise StoreError(f"segment {segment} is not kept: {told} is empty; it is loaded again", is_transient=True)


def has_rows(store: Store, table: str, segment: int) -> bool:
    """Tell whether a table has anything of a segment."""
    return bool(store.rows(ROOM, "count_rows", {"table": table, "segment": segment})[0]["records"])


def _find_hollow(part: Path) -> str:
    """Name a file that should hold something. A column of its own file may be empty: of lists without an item."""
    files = [path for path in part.glob("*") if path.name == "data.bin" or path.suffix != ".bin"]
    return next((path.name for path in sorted(files) if path.stat().st_size == 0), "")
