"""A wish that a source be rebuilt: a record of the journal like any other, so that it has its place among the events.

The loader meets it in order. What was loaded before it is derived anew, what comes after it is mapped by the new
mapping, and its segment is the one the corrections appear in.
"""

import json
import logging

from billtrail.clock import Clock
from billtrail.errors import BilltrailError, StoreError
from billtrail.store import Store
from collector.journal import Frame, Journal, encode_bodies
from collector.load.mapper import Mappings
from collector.load.rebuild import Rebuilt, rebuild_source

log = logging.getLogger(__name__)

ROOM = "collector"
RECORD = "rebuild"


def ask_rebuild(journal: Journal, clock: Clock, source: str, actor: str) -> None:
    """Ask for a source to be rebuilt, durably. Raises StoreError."""
    body = json.dumps({"source": source, "actor": actor}).encode()
    at_ns = int(clock.now().timestamp() * 1000) * 1_000_000
    journal.append(Frame(encode_bodies([body]), source, RECORD, at_ns, RECORD, 1))
    journal.roll()


def grant_wishes(store: Store, mappings: Mappings, segment: int) -> list[Rebuilt]:
    """Rebuild what a segment asks for. A mapping that cannot be used is named in the log and changes nothing."""
    done = []
    for row in store.rows(ROOM, "read_rebuild_wishes", {"segment": segment}):
        source = str(json.loads(row["body"]).get("source", ""))
        try:
            rebuilt = rebuild_source(store, mappings.renew(source), segment, writes=True)
        except StoreError as error:
            if error.is_transient:
                raise
            log.warning("%s was not rebuilt: %s", source, error)
        except BilltrailError as error:
            log.warning("%s was not rebuilt: %s", source, error)
        else:
            log.info("%s was rebuilt: %s", source, rebuilt)
            done.append(rebuilt)
    return done
