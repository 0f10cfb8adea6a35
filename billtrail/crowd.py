"""How many connections a port holds at once, so that there are always files left to open for what must be written.

Beyond that the connection on which nobody has asked anything for longest makes room for a new one. Where all are being
answered, whoever is too much is told to come back later.
"""

import resource
from typing import Protocol

_FILES = 1 << 16
_SHARE = 4


class Guest(Protocol):
    """One connection."""

    def make_room(self) -> None:
        """End at once: nothing is being asked or answered."""
        ...


class Crowd:
    """The connections of one port. For its event loop; the counts may be read in any thread."""

    def __init__(self, limit: int) -> None:
        self.made_room = 0
        self.refused = 0
        self._limit = limit
        self._present: set[Guest] = set()
        self._idle: dict[Guest, None] = {}
        """The longest idle first."""

    @property
    def present(self) -> int:
        return len(self._present)

    def enter(self, guest: Guest) -> bool:
        """Let a connection in; answer whether it is one too many, which nobody makes room for."""
        longest = next(iter(self._idle), None)
        self._present.add(guest)
        self._idle[guest] = None
        if len(self._present) > self._limit and longest is not None:
            self.leave(longest)
            self.made_room += 1
            longest.make_room()
        return len(self._present) > self._limit

    def ask(self, guest: Guest) -> None:
        """A request has begun."""
        self._idle.pop(guest, None)

    def rest(self, guest: Guest) -> None:
        """The last request is answered."""
        self._idle[guest] = None

    def leave(self, guest: Guest) -> None:
        self._present.discard(guest)
        self._idle.pop(guest, None)


def allow_many_files() -> None:
    """Let this process open as many files as it may ask for: many systems give it 1024 until it does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def afford_connections(wanted: int) -> int:
    """Answer how many connections a port may hold: what is wanted, but no more than a quarter of all files."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft // _SHARE))
