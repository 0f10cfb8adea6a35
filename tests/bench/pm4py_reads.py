"""Reads logs with pm4py and prints what it found, as JSON: `python pm4py_reads.py FILE…`.

For an environment of its own, because pm4py is under the AGPL and no part of Billtrail:

    python3 -m venv /tmp/pm4py && /tmp/pm4py/bin/pip install pm4py
    BILLTRAIL_PM4PY=/tmp/pm4py/bin/python make test

`tests/collector/exports/test_pm4py.py` runs it there, and is skipped where that is not set.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")

import pm4py  # type: ignore[import-not-found]  # noqa: E402

READERS = {
    ".ocel-json": pm4py.read_ocel2_json,
    ".ocel-xml": pm4py.read_ocel2_xml,
    ".ocel-sqlite": pm4py.read_ocel2_sqlite,
}


def read(file: Path) -> dict[str, Any]:
    """Answer how much pm4py found, and of which types the values of attributes became."""
    if file.suffix == ".xes":
        table = pm4py.read_xes(str(file))
        return {"cases": int(table["case:concept:name"].nunique()), "events": len(table)}
    log = READERS[file.suffix](str(file))
    return {
        "events": len(log.events),
        "objects": len(log.objects),
        "event_relations": len(log.relations),
        "object_relations": len(log.o2o),
        "changes": len(log.object_changes),
        "event_types": sorted(log.events["ocel:activity"].unique()),
        "object_types": sorted(log.objects["ocel:type"].unique()),
        "types": {name: str(kind) for name, kind in log.objects.dtypes.items() if ":" not in name},
    }


if __name__ == "__main__":
    print(json.dumps({name: read(Path(name)) for name in sys.argv[1:]}))
