"""Which id a system gave to what the plan calls by a handle. Every integration hub keeps such a table."""


class CrosswalkMissing(LookupError):
    """A record has no id in a system, so nothing that hangs on it can be passed on."""


class Crosswalk:
    """Ids by system, kind and handle."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def note(self, system: str, kind: str, handle: str, *ids: str) -> None:
        """Remember the ids of a handle, after those it has."""
        self._ids[system, kind, handle] = (*self.find(system, kind, handle), *ids)

    def find(self, system: str, kind: str, handle: str) -> tuple[str, ...]:
        """Answer the ids of a handle; none when the system has no such record."""
        return self._ids.get((system, kind, handle), ())

    def get(self, system: str, kind: str, handle: str) -> str:
        """Answer the only id of a handle. Raises CrosswalkMissing."""
        if not (ids := self.find(system, kind, handle)):
            raise CrosswalkMissing(f"no {kind} in {system} for {handle}")
        return ids[0]

    def handles(self, system: str, kind: str) -> dict[str, str]:
        """Answer the handle of every id of a kind."""
        return {
            id: handle
            for (its_system, its_kind, handle), ids in self._ids.items()
            if (its_system, its_kind) == (system, kind)
            for id in ids
        }
