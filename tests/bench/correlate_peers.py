"""The same firm through process mining tools: reading a log and its connected components, in memory and in batch.

That is what they do before anything is known of contracts, milestones or money; Billtrail's rebuild writes every
lifecycle, explained, to the disk. Reading is in their numbers, as they can do nothing with a log that is not in memory,
and left out of Billtrail's: there the events lie in the store.

Neither is a part of Billtrail (pm4py is under the AGPL): they are installed at their pinned versions into `.bench/` the
first time this runs. Where they cannot be, this measures nothing and says so.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from billtrail.clock import SystemClock
from billtrail.store import StoreSettings, open_store
from billtrail.telemetry.event import BusinessEvent
from correlators.compile import compile_journeys
from correlators.journey import read_journeys
from correlators.settings import CorrelatorsSettings
from correlators.stitch import Stitcher
from simulator.direct import tell_firm
from simulator.settings import SimulatorSettings
from tests.bench.correlate import CONTRACTS, NOW, SEGMENT_EVENTS, drain, row_of, timed
from tests.bench.figure import Figure
from tests.support.events import put_ledger

PEERS = ("r4pm==0.6.2", "pm4py==2.7.23.11", "polars", "pyarrow", "scipy")
PLACE = Path(__file__).parents[2] / ".bench" / "peers"


def measure() -> list[Figure]:
    if (python := find_python()) is None:
        print(f"!! the peers were NOT measured: pip could not install {', '.join(PEERS)} into {PLACE}", file=sys.stderr)
        return []
    told, _ = tell_firm(SimulatorSettings(contracts=CONTRACTS), NOW)
    events = list({(event.source, event.id): event for event in told}.values())
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        log.write_text(json.dumps(as_ocel(events)), encoding="utf-8")
        script = Path(__file__).with_name("peer_components.py")
        done = subprocess.run([python, script, log], check=True, stdout=subprocess.PIPE, text=True)
        own = len(events) / measure_own(Path(folder) / "data", events)
    size = f"one log of {len(events):,} events"
    return [
        Figure(
            f"rebuild of lifecycles ({size})", own, "events/s", "", f"{name} ({found['components']:,})", found["rate"]
        )
        for name, found in json.loads(done.stdout.splitlines()[-1]).items()
    ]


def find_python() -> Path | None:
    """Find the peers' interpreter, installing them when they are not there yet."""
    python = PLACE / "bin" / "python"
    if not python.exists():
        venv.create(PLACE, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS], check=False)
    has_all = subprocess.run(
        [python, "-c", "import r4pm, pm4py, polars, scipy"], stderr=subprocess.DEVNULL, check=False
    )
    return python if has_all.returncode == 0 else None


def measure_own(data: Path, events: list[BusinessEvent]) -> float:
    store = open_store(StoreSettings(data=data))
    compile_journeys(store, read_journeys(), 1)
    for segment, start in enumerate(range(0, len(events), SEGMENT_EVENTS), start=1):
        part = events[start : start + SEGMENT_EVENTS]
        store.insert("event_versions", [row_of(event, segment) for event in part])
        put_ledger(store, "events", segment, len(part))
    stitcher = Stitcher(store, SystemClock(), CorrelatorsSettings().batch_events)
    took_s = timed(lambda: drain(stitcher))
    store.close()
    return took_s


def as_ocel(events: list[BusinessEvent]) -> dict[str, Any]:
    """Write events as OCEL 2.0, without objects that glue nothing (clients, workers): all would be one component."""
    types = {str(o.key): o.key.object_type for event in events for o in event.objects if o.qualifier != "reference"}
    return {
        "objectTypes": [{"name": name, "attributes": []} for name in sorted(set(types.values()))],
        "eventTypes": [{"name": name, "attributes": []} for name in sorted({event.type for event in events})],
        "objects": [{"id": key, "type": kind, "attributes": [], "relationships": []} for key, kind in types.items()],
        "events": [
            {
                "id": f"{event.source}#{event.id}",
                "type": event.type,
                "time": event.occurred_at.isoformat().replace("+00:00", "Z"),
                "attributes": [],
                "relationships": [
                    {"objectId": str(o.key), "qualifier": str(o.qualifier)}
                    for o in event.objects
                    if o.qualifier != "reference"
                ],
            }
            for event in events
        ],
    }
