"""What the doctor looks at, each finding with a state and a detail. Looks, changes nothing."""

import shutil
import socket
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

import httpx

from billtrail.errors import BilltrailError
from billtrail.platform.ownership import Owner
from billtrail.store import Store
from collector.firm_sources import read_firm_sources
from collector.missing_secret import find_missing_secrets
from collector.settings import CollectorSettings

GIB = 1 << 30
LEAST_FREE_BYTES, FEW_FREE_BYTES = GIB, 5 * GIB
OLDEST_PYTHON = (3, 11)


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    state: State
    detail: str


def check_python() -> Finding:
    state = State.OK if sys.version_info >= OLDEST_PYTHON else State.FAILED
    return Finding("python", state, ".".join(str(part) for part in sys.version_info[:3]))


def check_engine() -> Finding:
    return Finding("engine", State.OK, f"ClickHouse {version('chdb-core')}, embedded (chdb {version('chdb')})")


def check_disk(data: Path) -> Finding:
    """Look at the room on the disk that holds, or will hold, the data."""
    place = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    state = State.FAILED if free < LEAST_FREE_BYTES else State.WARNING if free < FEW_FREE_BYTES else State.OK
    return Finding("disk", state, f"{free / GIB:.1f} GiB free at {place}")


def check_owner(owner: Owner | None) -> Finding:
    if owner is None:
        return Finding("owner", State.OK, "no process owns the data; commands open it themselves")
    return Finding("owner", State.OK, f"{owner.describe()} owns the data")


def check_port(name: str, host: str, port: int) -> Finding:
    """Try whether a port could be listened on. Only for a platform that does not run."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            detail = f"{host}:{port} cannot be listened on: {error.strerror}; choose another with --{name}-port"
            return Finding(f"port {name}", State.FAILED, detail)
    return Finding(f"port {name}", State.OK, f"{host}:{port} is free")


def check_readiness(owner: Owner, trusted: ssl.SSLContext | bool) -> Iterator[Finding]:
    """Ask a running platform how it is."""
    url = f"{owner.ports.http_url}/api/v1/health"
    try:
        answer = httpx.get(url, timeout=5, verify=trusted).json()
    except (httpx.TransportError, ValueError) as error:
        yield Finding("platform", State.FAILED, f"{url} does not answer: {error}")
        return
    for check in answer["checks"]:
        well = State.WARNING if check.get("is_warning") else State.OK
        state = well if check["is_ok"] else State.FAILED
        yield Finding(f"platform: {check['name']}", state, check["detail"])


def check_data(store: Store) -> Iterator[Finding]:
    """Look for records that could not be used, and for sources that have gone quiet."""
    letters = sum(row["value"] for row in store.rows("billtrail.platform", "open_dead_letters"))
    state = State.WARNING if letters else State.OK
    yield Finding("dead letters", state, f"{letters} records could not be used" if letters else "none")
    for row in store.rows("billtrail.cli", "list_sources"):
        state = State.OK if row["state"] == "live" else State.WARNING
        yield Finding(
            f"source {row['source']}", state, f"{row['state']}, last heard of {row['lag_ms'] / 1000:.0f} s ago"
        )


def check_secrets(settings: CollectorSettings) -> Iterator[Finding]:
    """Look whether the secrets of configured sources are to be had here, where the platform may see others."""
    if not settings.sources:
        return
    missing = list(find_missing_secrets(settings, read_firm_sources(settings)))
    yield from (Finding(f"secrets of {name}", State.WARNING, detail) for name, detail in missing)
    if not missing:
        yield Finding("secrets", State.OK, f"those of {len(settings.sources)} configured sources are there")


def describe_failure(check: str, error: BilltrailError) -> Finding:
    return Finding(check, State.FAILED, f"{error}" + (f" ({error.hint})" if error.hint else ""))
