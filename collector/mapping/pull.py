"""What a source says about being pulled: plain values. `read_pull` reads them, `collector.pull` acts on them.

Texts may hold holes, `{cursor}` and the others of `HOLES`, which are filled for every request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.mapping.path import Path

HOLES = ("cursor", "page", "offset", "token", "now")
Template = str | list["Template"] | dict[str, "Template"]
"""What a request or a message is made of: texts, lists and mappings."""


@dataclass(frozen=True, slots=True)
class Auth:
    """How a request shows who it is. `secrets` are names of secrets by their role, `texts` plain values by theirs."""

    kind: str
    secrets: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CursorRule:
    """Where the position of an item stands, and how far back to look.

    `form` is `time` (an RFC 3339 instant), `number` or `text`; they say which of two positions is later. `first_s` is
    how far back the first request goes, `overlap_s` how much every later one reads again. `write` is how a time is
    written into the request (strftime, UTC); empty is RFC 3339. `is_ordered`: items come oldest first, so that the
    position may move with every page.
    """

    path: Path
    form: str = "time"
    first_s: float = 0
    overlap_s: float = 0
    write: str = ""
    start: str = ""
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """How the next page is found: `none`, `page`, `offset`, `token` or `link`; the last two stand at `path`.

    `more` is a truth value in the answer: where it says false the page is the last. `size` is how many items a full
    page has; a page with fewer is the last.
    """

    kind: str = "none"
    path: Path | None = None
    more: Path | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class HttpPull:
    """One stream that is asked for over HTTP, again and again. Durations are seconds.

    `keeps_s` is how long the vendor keeps what it has (0: for ever), `expired` the statuses that say that a position
    is gone.
    """

    stream: str
    url: str
    items: Path
    method: str = "GET"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Template | None = None
    auth: Auth = Auth("none", {}, {})
    message: Template | None = None
    cursor: CursorRule | None = None
    paging: Paging = Paging()
    every_s: float = 60
    keeps_s: float = 0
    per_minute: float = 0
    expired: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PubSubPull:
    """Topics of the Salesforce Pub/Sub API. `requested` is how many events are asked for ahead."""

    stream: str
    endpoint: str
    topics: tuple[str, ...]
    auth: Auth
    requested: int = 100
    start: str = "earliest"
    reads_again: bool = True


Pull = HttpPull | PubSubPull


@dataclass(frozen=True, slots=True)
class FileRule:
    """How files that are dropped for a source are read. Empty means: found out from the file.

    `complete` is `rename` (a file is whole when it has its name) or `done` (when a file NAME.done lies beside it).
    """

    delimiter: str = ""
    encoding: str = ""
    complete: str = "rename"


@dataclass(frozen=True, slots=True)
class SpanRule:
    """Which spans are messages of a source: those with one of the attributes `having`, on the span or its resource; and
    of the spans that failed also those with one of `failed`.
    """

    having: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
