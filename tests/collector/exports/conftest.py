"""Stores to import into and export from: as many empty ones as a test asks for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from billtrail.clock import SystemClock
from billtrail.store import Store
from collector.exports import Choice, ExportReport, Format, export_log
from collector.imports import ImportReport, Manner, import_log, open_log
from collector.metrics import CollectorMetrics
from collector.run import Intake
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings
from tests.support.store import drop_test_store, open_test_store

# Everything that came in, without when and in which segment it did.
EVENTS = """
SELECT * EXCEPT (received_at, segment, revision, superseded, attributes), mapSort(attributes) AS attributes
FROM event_versions FINAL ORDER BY source, event_id
"""
DECLARATIONS = """
SELECT source, object_key, mapSort(attributes) AS attributes, links
FROM object_declarations FINAL ORDER BY object_key, source
"""


@dataclass
class House:
    """A store, and the ways into it and out of it."""

    store: Store
    folder: Path
    count: int = field(default=0)

    def take(self, file: Path, *, source: str = "", **manner: Any) -> ImportReport:
        """Import a file and wait until it is in the tables."""
        self.count += 1
        settings = CollectorSettings(journal_dir=self.folder / f"journal-{self.count}", segment_seconds=60)
        intake = Intake(settings, self.store, SystemClock(), CollectorMetrics(CollectorRegistry()))
        intake.start()
        try:
            report = import_log(open_log(file, Manner(**manner)), intake.events, SystemClock(), source=source)
        finally:
            intake.stop()
        assert intake.events.is_drained
        return report

    def give(self, file: Path, format: Format, **choice: Any) -> ExportReport:
        return export_log(self.store, file, format, Choice(**choice))

    def correlate(self) -> None:
        Correlators(self.store, SystemClock(), CorrelatorsSettings()).drain()

    @property
    def content(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        return self.store.query(EVENTS), self.store.query(DECLARATIONS)


Build = Callable[[], House]


@pytest.fixture(scope="module")
def build(engine_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    houses: list[House] = []

    def _build() -> House:
        folder = tmp_path_factory.mktemp("house")
        houses.append(House(open_test_store(engine_path), folder))
        return houses[-1]

    yield _build
    for house in houses:
        drop_test_store(house.store)
