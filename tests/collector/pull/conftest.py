"""A journal that is only kept, the tables, a stepped clock: what a puller works with, and a way to see what it kept."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from billtrail.store import Store
from collector.journal import Journal, JournalLimits, scan_frames
from collector.mapping.pull import Pull
from collector.mapping.read_source import read_source
from collector.pull.backoff import Backoff
from collector.pull.cursors import Cursors
from collector.pull.desk import Desk
from collector.pull.gaps import Gaps
from collector.pull.metrics import PullMetrics
from collector.webhook.intake import SourceIntake
from tests.collector.pull.vendor import Vendor, running_vendor
from tests.support.clock import SteppedClock
from tests.support.store import drop_test_store, open_test_store

SOURCE = """\
source: crm
title: A system that is asked
system: crm
kind: $type
id: $id
events:
  - {type: thing.happened, objects: [{type: thing, id: $id}], time: $at}
"""


class Keeping:
    """A journal nobody loads."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder / "events", JournalLimits(segment_seconds=3600))
        self.journal.start()

    @property
    def bodies(self) -> list[Any]:
        """What was kept so far, in order."""
        found: list[Any] = []
        for path in sorted(self.journal.folder.glob("*.open")) + sorted(self.journal.folder.glob("*.seg")):
            for stored in scan_frames(path.read_bytes()):
                found += [json.loads(body) for body in split_bodies(stored.frame.payload)]
        return found

    @property
    def ids(self) -> list[str]:
        return [body["id"] for body in self.bodies]

    def lose(self) -> None:
        """Start with an empty folder again."""
        self.journal.stop()
        shutil.rmtree(self.journal.folder)


def split_bodies(payload: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(payload):
        at += 1
        length = shift = 0
        while True:
            byte = payload[at]
            length |= (byte & 127) << shift
            shift, at = shift + 7, at + 1
            if byte < 128:
                break
        yield payload[at : at + length]
        at += length


@pytest.fixture(scope="package")
def tables(engine_path: Path) -> Iterator[Store]:
    opened = open_test_store(engine_path)
    yield opened
    drop_test_store(opened)


@pytest.fixture
def store(tables: Store) -> Store:
    """The tables of all these tests, with nothing in those a puller writes."""
    for name in ("pull_cursors", "source_gap_rows"):
        tables.command(f"TRUNCATE TABLE {name}")
    return tables


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    kept = Keeping(tmp_path)
    yield kept
    kept.journal.stop()


@pytest.fixture(scope="package")
def running() -> Iterator[Vendor]:
    with running_vendor() as vendor:
        yield vendor


@pytest.fixture
def vendor(running: Vendor) -> Vendor:
    """A vendor nobody has asked yet."""
    running.forget()
    return running


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def desk(store: Store, keeping: Keeping, clock: SteppedClock, registry: CollectorRegistry) -> Desk:
    metrics = PullMetrics(registry)
    intake, cursors = SourceIntake(keeping.journal, clock), Cursors(store, "crm", clock)
    return Desk("crm", intake, cursors, Gaps(store, "crm", clock, metrics), clock, metrics)


def read_pull_of(folder: Path, text: str) -> Pull:
    """Read the one stream a `pull` section describes; `text` is YAML, as it stands under the list's dash."""
    lines = text.strip("\n").splitlines()
    section = "\n".join("  - " + line if not place else "    " + line for place, line in enumerate(lines))
    (folder / "crm").mkdir(exist_ok=True)
    (folder / "crm" / "source.yaml").write_text(f"{SOURCE}pull:\n{section}\n", encoding="utf-8")
    return read_source(folder / "crm").pulls[0]


def steady() -> Backoff:
    """A back-off without chance: 2, 4, 8 … seconds."""
    return Backoff(lambda: 1.0)
