"""The mappings there are: canonical events by one statement, what vendors sent by the statement of their source.

A mapper adds rows to `mapped_events`. It is run only on a segment that holds something for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from billtrail.errors import SettingsError, StoreError
from billtrail.store import Store
from collector.mapping import Catalogue, Compiled, compile_source
from collector.mapping.document import name_nearest

ROOM = "collector"
EVERYTHING = 2**64 - 1
# One thread: rows keep their order, so that a repeat makes the same blocks.
IN_ORDER = {"max_threads": 1, "max_insert_threads": 1}


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a segment's raw events, by their places: frame * 2^32 + item. Both ends belong to it.

    `mends` when numbers that are too large to be read are taken for texts.
    """

    segment: int
    first: int = 0
    last: int = EVERYTHING
    mends: bool = False

    @property
    def params(self) -> dict[str, int]:
        return {"segment": self.segment, "first": self.first, "last": self.last, "mends": int(self.mends)}

    @property
    def nothing(self) -> "Cut":
        return Cut(self.segment, 1, 0)


class MappingFailed(StoreError):
    """The statement of one source was refused by the engine."""

    def __init__(self, source: str, error: StoreError) -> None:
        super().__init__(str(error), is_transient=error.is_transient, needs_memory=error.needs_memory)
        self.source = source


class Mappings:
    """The compiled sources, by name. A folder that has changed counts from its rebuild on, or from the next start."""

    def __init__(
        self,
        compiled: Mapping[str, Compiled] | None = None,
        refused: Mapping[str, str] | None = None,
        read: Callable[[], Catalogue] | None = None,
    ) -> None:
        self.compiled = dict(compiled or {})
        self._refused = dict(refused or {})
        self._read = read

    @classmethod
    def of(cls, catalogue: Catalogue, read: Callable[[], Catalogue] | None = None) -> "Mappings":
        """Compile every source of a catalogue. `read` reads the folders again."""
        refused = {name: f"its folder has mistakes: {error}" for name, error in catalogue.refused.items()}
        return cls({name: compile_source(source) for name, source in catalogue.sources.items()}, refused, read)

    def renew(self, name: str) -> Compiled:
        """Read the folder of a source again. Raises SettingsError: it has mistakes, or there is none."""
        if self._read is not None:
            self.compiled[name] = compile_source(self._read().get(name))
            self._refused.pop(name, None)
        if name not in self.compiled:
            raise SettingsError(f"no source is called {name}", hint=name_nearest(name, self.compiled))
        return self.compiled[name]

    def run(self, store: Store, source: str, cut: Cut) -> None:
        """Map what one source sent within a cut; the empty name is the canonical events. Raises StoreError."""
        if not source:
            store.run(ROOM, "map_events", cut.params, settings=IN_ORDER)
            return
        compiled = self.compiled.get(source)
        if compiled is None:
            why = self._refused.get(source, "no source has this name")
            refuse(store, cut, "unknown_type", f"{source}: {why}", source)
            return
        try:
            store.command(compiled.insert, {**cut.params, "first_arrival": _count_arrivals(store)}, settings=IN_ORDER)
        except StoreError as error:
            raise MappingFailed(source, error) from error


def refuse(store: Store, cut: Cut, reason: str, detail: str, *sources: str) -> None:
    """Refuse what some sources sent within a cut, or whatever is there when none is named."""
    params = {**cut.params, "first_arrival": _count_arrivals(store), "sources": list(sources)}
    store.run(ROOM, "refuse_events", {**params, "reason": reason, "detail": detail[:1000]})


def _count_arrivals(store: Store) -> int:
    arrived: int = store.rows(ROOM, "count_arrivals")[0]["arrived"]
    return arrived
