"""What Billtrail asks of an engine, and nothing more. Two furnish it: `embedded` and `server`.

An engine object is one handle. Calls on one handle run one after the other; a thread that wants its own lane asks for
`another()`. Statements are atomic each, never together. A driver's exception leaves as StoreError.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Segment:
    """A closed journal file and how ClickHouse reads it.

    `structure` is the column list of the file, `schema` the protobuf text that holds `message`.
    """

    path: Path
    schema: str
    message: str
    structure: str


class Engine(Protocol):
    """One handle to a ClickHouse engine."""

    def query(self, sql: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return rows. Raises StoreError; a failed query is never an empty result."""
        ...

    def command(self, sql: str, params: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
        """Run a statement that returns no rows. Answers how many rows it wrote, as far as the engine says."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Append rows to a table in one insert."""
        ...

    def load(self, sql: str, segment: Segment, params: Mapping[str, Any], settings: Mapping[str, Any]) -> int:
        """Run an `INSERT … SELECT … FROM {{segment}}` over the rows of a journal file."""
        ...

    def another(self) -> "Engine":
        """Open a second handle to the same database, for another thread. The caller closes it."""
        ...

    def close(self) -> None: ...
