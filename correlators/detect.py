"""The detectors: one `.sql` file each, whose header names question, severity, owner and runbook.

A detector answers with what is wrong now. What it did not say before is a new finding; what it no longer says is
resolved.
A new detector is a new file; nothing else changes.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from billtrail.clock import Clock
from billtrail.errors import InvariantError
from billtrail.store import Row, Store

FOLDER = Path(__file__).parent / "detectors"
_HEADER = re.compile(r"^-- (Question|Severity|Owner|Runbook): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Detector:
    name: str
    question: str
    severity: str
    owner: str
    runbook: str
    sql: str


def read_detectors(folder: Path = FOLDER) -> list[Detector]:
    """Read the detectors of a folder. Raises InvariantError when a header is incomplete."""
    return [_read(file) for file in sorted(folder.glob("*.sql"))]


class DetectLoop:
    """Asks every detector and writes what changed."""

    def __init__(self, store: Store, clock: Clock, detectors: list[Detector]) -> None:
        self._store = store
        self._clock = clock
        self._detectors = detectors

    def step(self) -> int:
        """Run every detector once. Answers with how many findings came or went."""
        return sum(self._detect(detector) for detector in self._detectors)

    def _detect(self, detector: Detector) -> int:
        now = self._clock.now()
        version = int(now.timestamp() * 1_000_000)
        found = {(row["subject_key"], row["lifecycle_id"]): row for row in self._store.query(detector.sql)}
        open_rows = self._store.rows("correlators", "read_open_findings", {"detector": detector.name})
        known = {(row["subject_key"], row["lifecycle_id"]): row for row in open_rows}
        changed = [_finding(detector, row, version) for key, row in found.items() if not _is_same(row, known.get(key))]
        resolved = [row | {"resolved_at": now, "version": version} for key, row in known.items() if key not in found]
        self._store.insert("finding_rows", changed)
        self._store.insert("finding_rows", resolved)
        return len(changed) + len(resolved)


def _is_same(found: Row, known: Row | None) -> bool:
    return known is not None and all(found[key] == known[key] for key in ("amount", "currency", "evidence"))


def _finding(detector: Detector, row: Row, version: int) -> dict[str, Any]:
    return {
        "detector": detector.name,
        "subject_key": row["subject_key"],
        "lifecycle_id": row["lifecycle_id"],
        "severity": detector.severity,
        "amount": row["amount"],
        "currency": row["currency"],
        "owner": detector.owner,
        "runbook": detector.runbook,
        "evidence": row["evidence"],
        "first_seen_at": row["first_seen_at"],
        "resolved_at": None,
        "version": version,
    }


def _read(file: Path) -> Detector:
    sql = file.read_text(encoding="utf-8").strip().rstrip(";")
    header = {name.lower(): value for name, value in _HEADER.findall(sql)}
    if missing := {"question", "severity", "owner", "runbook"} - set(header):
        raise InvariantError(f"detector {file.name}: the header lacks {', '.join(sorted(missing))}")
    return Detector(file.stem, **header, sql=sql)
