"""Who owns a data folder: one process at a time, held by a lock of the operating system and told in a file.

The lock (`owner.lock`) goes with its process, however that one ends; the file (`platform.json`) says who it is and
where its ports are, and counts only while the lock is held. So nothing stale is ever believed and nothing has to be
cleaned up by hand after a crash. Keep the claim: a process that forgets it no longer owns anything.
"""

import fcntl
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from billtrail.clock import Clock
from billtrail.errors import SettingsError, StoreError
from billtrail.listening import url_of

LOCK_NAME = "owner.lock"
CARD_NAME = "platform.json"
# A process that only looks who the owner is holds the lock for an instant; a claim outwaits it.
_TRIES, _BETWEEN_S = 10, 0.05


class Ports(BaseModel):
    """Where a running platform listens: the hosts as configured, the ports as bound. Port 0 means that it does not."""

    model_config = ConfigDict(frozen=True)

    http_host: str = "127.0.0.1"
    http: int = 0
    has_tls: bool = False
    """Whether the doors, HTTP and gRPC, speak TLS."""
    grpc_host: str = "127.0.0.1"
    grpc: int = 0
    read_host: str = "127.0.0.1"
    read: int = 0
    dashboards_host: str = "127.0.0.1"
    dashboards: int = 0

    @property
    def http_url(self) -> str:
        return url_of(self.http_host, self.http, has_tls=self.has_tls)

    @property
    def grpc_address(self) -> str:
        """Where OTLP/gRPC is spoken, as `host:port`: its clients take no scheme."""
        return url_of(self.grpc_host, self.grpc).removeprefix("http://")

    @property
    def read_url(self) -> str:
        return url_of(self.read_host, self.read)

    @property
    def dashboards_url(self) -> str:
        return url_of(self.dashboards_host, self.dashboards)


class Owner(BaseModel):
    """The process that owns a data folder."""

    model_config = ConfigDict(frozen=True)

    pid: int = 0
    command: str = ""
    started_at: datetime | None = None
    ports: Ports = Ports()

    @property
    def is_platform(self) -> bool:
        """Whether others can work through it."""
        return self.ports.read != 0

    def describe(self) -> str:
        return f"`billtrail {self.command}` (pid {self.pid})" if self.pid else "a process that is just starting"


class Ownership:
    """The claim of this process on a data folder. Release it, or end the process."""

    def __init__(self, data: Path, lock: IO[str], owner: Owner) -> None:
        self._data = data
        self._lock = lock
        self.owner = owner

    @classmethod
    def claim(cls, data: Path, command: str, clock: Clock) -> Self:
        """Become the owner.

        Raises StoreError that names the present owner when there is one, SettingsError when it cannot be a folder.
        """
        try:
            data.mkdir(parents=True, exist_ok=True)
            lock = (data / LOCK_NAME).open("a+", encoding="utf-8")
        except OSError as error:
            raise _no_folder(data, error) from error
        if not _lock(lock):
            lock.close()
            owner = find_owner(data) or Owner()
            raise StoreError(
                f"the data in {data} belongs to {owner.describe()}",
                is_transient=True,
                hint=f"stop it (kill {owner.pid or 'PID'}), or give another folder with --data",
            )
        ownership = cls(data, lock, Owner(pid=os.getpid(), command=command, started_at=clock.now()))
        ownership._tell()
        return ownership

    def announce(self, ports: Ports) -> None:
        """Tell other commands where this process listens, once it does."""
        self.owner = self.owner.model_copy(update={"ports": ports})
        self._tell()

    def release(self) -> None:
        (self._data / CARD_NAME).unlink(missing_ok=True)
        self._lock.close()

    def _tell(self) -> None:
        # Written aside and moved: a reader sees the old card or the new one, never half of one.
        aside = self._data / f"{CARD_NAME}.new"
        aside.write_text(self.owner.model_dump_json(indent=2) + "\n", encoding="utf-8")
        aside.replace(self._data / CARD_NAME)


def find_owner(data: Path) -> Owner | None:
    """Answer the living process that owns a data folder, or None. Raises SettingsError when it cannot be one."""
    try:
        with (data / LOCK_NAME).open("r", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _read_card(data)
    except OSError as error:
        raise _no_folder(data, error) from error
    return None


def _no_folder(data: Path, error: OSError) -> SettingsError:
    why = (
        "it is no folder" if isinstance(error, (NotADirectoryError, FileExistsError)) else error.strerror or str(error)
    )
    return SettingsError(f"{data} cannot hold data: {why}", hint="give another folder with --data")


def _read_card(data: Path) -> Owner:
    try:
        return Owner.model_validate_json((data / CARD_NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return Owner()


def _lock(lock: IO[str]) -> bool:
    for _ in range(_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            threading.Event().wait(_BETWEEN_S)
        else:
            return True
    return False
