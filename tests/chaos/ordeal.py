"""The crash harness: real senders, a platform that is killed again and again, and the count at the end."""

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.sender import Cargo, Events, GrpcCourier, HttpCourier, Sender, Spans
from tests.chaos.victim import Victim

COUNT_SPANS = "SELECT SpanName, count(), uniqExact(SpanId) FROM spans GROUP BY SpanName"
COUNT_EVENTS = (
    "SELECT substringIndex(event_id, '.', 1) AS request, count(), uniqExact(event_id) FROM events GROUP BY request"
)

KINDS: tuple[tuple[str, Cargo, type[HttpCourier | GrpcCourier]], ...] = (
    ("s", Spans(), HttpCourier),
    ("g", Spans(), GrpcCourier),
    ("e", Events(), HttpCourier),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an ordeal. `faults` is empty when everything promised was kept."""

    kills: int
    acknowledged: int
    unacknowledged: int
    slowest_start_s: float
    faults: tuple[str, ...]


def run_ordeal(folder: Path, kills: int, seed: int, longest_life_s: float = 3.0) -> Outcome:
    """Send without end, kill `kills` times at random moments, then count every record."""
    chance = random.Random(seed)
    with closing(Victim(folder, chance)) as victim:
        victim.start()
        senders = [
            Sender(f"{kind}{number}", victim, cargo, courier(cargo), insists=bool(number % 2))
            for kind, cargo, courier in KINDS
            for number in range(3)
        ]
        for sender in senders:
            sender.start()
        while victim.kills < kills:
            victim.kill(chance.uniform(0.05, longest_life_s))
            victim.start()
        for sender in senders:
            sender.stop()
        victim.stop()
        victim.start()
        faults = [*_compare(victim, COUNT_SPANS, senders[:6]), *_compare(victim, COUNT_EVENTS, senders[6:])]
        victim.stop()
    told = [is_told for sender in senders for is_told in sender.told.values()]
    return Outcome(victim.kills, sum(told), len(told) - sum(told), max(victim.starts_s), tuple(faults))


def _compare(victim: Victim, sql: str, senders: Sequence[Sender]) -> list[str]:
    found = {name: (int(rows), int(distinct)) for name, rows, distinct in victim.ask(sql)}
    faults = []
    for sender in senders:
        whole = (sender.cargo.size, sender.cargo.size)
        for name, is_acknowledged in sender.told.items():
            seen = found.pop(name, (0, 0))
            if seen != whole and (is_acknowledged or seen != (0, 0)):
                faults.append(f"{name}: acknowledged {is_acknowledged}, found {seen} of {whole}")
    return faults + [f"{name}: nobody sent it" for name in found]
