"""pm4py reads what is exported, in an environment of its own named by BILLTRAIL_PM4PY (tests/bench/pm4py_reads.py)."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from collector.exports import Format
from tests.collector.exports.conftest import Build

PYTHON = os.environ.get("BILLTRAIL_PM4PY", "")
SCRIPT = Path(__file__).parents[2] / "bench" / "pm4py_reads.py"
LOGS = Path(__file__).parents[4] / "shared" / "logs" / "ocel"

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not PYTHON, reason="BILLTRAIL_PM4PY names no python that has pm4py"),
    pytest.mark.skipif(not LOGS.exists(), reason="no reference material beside the project"),
]


def ask_pm4py(*files: Path) -> dict[str, Any]:
    done = subprocess.run([PYTHON, str(SCRIPT), *map(str, files)], capture_output=True, text=True, check=True)
    return {Path(name).suffix: found for name, found in json.loads(done.stdout.splitlines()[-1]).items()}


def test_pm4py_reads_an_export_as_it_reads_the_log_itself(build: Build, tmp_path: Path) -> None:
    house = build()
    house.take(LOGS / "order-management.sqlite")
    files = []
    for format in (Format.OCEL_JSON, Format.OCEL_XML, Format.OCEL_SQLITE):
        files.append(tmp_path / f"log.{format}")
        house.give(files[-1], format)
    original = tmp_path / "original.ocel-sqlite"
    original.write_bytes((LOGS / "order-management.sqlite").read_bytes())
    expected = ask_pm4py(original)[".ocel-sqlite"]
    for suffix, found in ask_pm4py(*files).items():
        for word in ("events", "objects", "object_relations", "changes", "event_types", "object_types"):
            assert found[word] == expected[word], (suffix, word)
        # Its reader of JSON takes an object that an event names twice, with two qualifiers, once.
        assert found["event_relations"] == expected["event_relations"] - (30 if suffix == ".ocel-json" else 0)
        assert {name: found["types"][name] for name in ("price", "weight")} == {"price": "float64", "weight": "float64"}


def test_pm4py_reads_traces(build: Build, tmp_path: Path) -> None:
    house, events = build(), tmp_path / "log.jsonl"
    told = {"specversion": "1.0", "source": "/crm", "time": "2026-11-01T10:00:00Z", "type": "contract.signed"}
    lines = [
        told | {"id": f"e{number}", "data": {"objects": [{"type": "contract", "id": f"C-{number % 3}"}]}}
        for number in range(9)
    ]
    events.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    house.take(events)
    house.correlate()
    house.give(tmp_path / "log.xes", Format.XES)
    assert ask_pm4py(tmp_path / "log.xes") == {".xes": {"cases": 3, "events": 9}}
