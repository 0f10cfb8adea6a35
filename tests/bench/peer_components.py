"""Reads an OCEL 2.0 log with r4pm and with pm4py and finds its connected components: `python peer_components.py FILE`.

Prints, for each way, events per second from the file to the components, and how many those are. Runs in an environment
of its own (`correlate_peers.py`).
"""

import json
import sys
import time
import warnings
from typing import Any

warnings.simplefilter("ignore")

import numpy as np  # noqa: E402
import pm4py  # type: ignore[import-not-found]  # noqa: E402
import r4pm  # type: ignore[import-not-found]  # noqa: E402
from scipy.sparse import coo_array  # type: ignore[import-not-found]  # noqa: E402
from scipy.sparse.csgraph import connected_components  # type: ignore[import-not-found]  # noqa: E402


def with_r4pm(path: str) -> tuple[int, int]:
    """Answer how many events and components there are: of events and objects as one graph, with scipy."""
    log = r4pm.df.import_ocel(path)
    relations = log["relations"]
    return len(log["events"]), _count(relations["ocel:eid"].to_numpy(), relations["ocel:oid"].to_numpy())


def with_pm4py(path: str) -> tuple[int, int]:
    """The same from pm4py's tables."""
    log = pm4py.read_ocel2_json(path)
    return len(log.events), _count(log.relations["ocel:eid"].to_numpy(), log.relations["ocel:oid"].to_numpy())


def _count(events: Any, objects: Any) -> int:
    _, starts = np.unique(events.astype(str), return_inverse=True)
    _, stops = np.unique(objects.astype(str), return_inverse=True)
    offset = int(starts.max()) + 1
    size = offset + int(stops.max()) + 1
    graph = coo_array((np.ones(len(starts), np.int8), (starts, stops + offset)), shape=(size, size))
    return int(connected_components(graph, directed=False)[0])


def main() -> None:
    found = {}
    for name, way in (("r4pm and scipy, from the file", with_r4pm), ("pm4py and scipy, from the file", with_pm4py)):
        started = time.perf_counter()
        events, components = way(sys.argv[1])
        found[name] = {"rate": events / (time.perf_counter() - started), "components": components}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
