"""What waits when it is more than one step takes: divided into batches so that what hangs together is taken together.

Any division leads to the same lifecycles. Divided by time, though, each batch would touch most contracts again, and
would cost more the more is there already.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from billtrail.store import Row, Store

PACKAGE = "correlators"
SCRATCH = ("scratch_links", "scratch_smallest")
# What still hangs together after so many rounds may as well be divided.
MAX_ROUNDS = 30
LAST_LABEL = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """The events from one place of the backlog to another, in the order of labels and segments.

    `rounds` is how often labels were compared; `ahead` how many events of the backlog are done after this batch.
    """

    after_label: int
    after_segment: int
    label: int
    segment: int
    records: int
    rounds: int
    ahead: int
    is_first: bool
    is_last: bool


EVERYTHING = Batch(0, 0, LAST_LABEL, LAST_LABEL, 0, 0, 0, is_first=True, is_last=True)


def divide(store: Store, waiting: Row, batch_events: int) -> list[Batch]:
    """Divide all that waits into batches of about so many events, what hangs together in one if it fits.

    `waiting` has the columns of `find_work`. Fewer than two batches mean that there is nothing to divide.
    Cost: one pass over what waits, a copy of it on disk, and 0.3 KB of memory an event while it is divided.
    """
    empty(store)
    span = {"since": waiting["since"], "upto": waiting["upto"]}
    store.run(PACKAGE, "link_backlog", span)
    rounds = _compare_labels(store)
    store.command("TRUNCATE TABLE scratch_links")
    store.run(PACKAGE, "fill_backlog", {**span, "rounds": rounds})
    if not store.rows(PACKAGE, "count_revisions", span)[0]["declarations"]:
        store.command("TRUNCATE TABLE scratch_smallest")
    store.run(PACKAGE, "fill_weak_backlog", span)
    ends = store.rows(PACKAGE, "divide_backlog", {"batch_events": batch_events})
    return _between(ends, rounds)


def empty(store: Store) -> None:
    """Forget a backlog."""
    for table in ("backlog_events", *SCRATCH):
        store.command(f"TRUNCATE TABLE {table}")


def _compare_labels(store: Store) -> int:
    """Give all that hangs together the smallest label among it. Answers with how many rounds that took."""
    for number in range(1, MAX_ROUNDS + 1):
        store.run(PACKAGE, "find_smallest", {"round": number})
        store.run(PACKAGE, "contract_links", {"round": number})
        if not store.rows(PACKAGE, "count_links", {"round": number})[0]["left"]:
            break
    return number


def _between(ends: Sequence[Row], rounds: int) -> list[Batch]:
    batches: list[Batch] = []
    after_label = after_segment = ahead = 0
    for number, end in enumerate(ends):
        is_last = number == len(ends) - 1
        ahead += end["records"]
        label, segment = (LAST_LABEL, LAST_LABEL) if is_last else (end["label"], end["segment"])
        batches.append(
            Batch(after_label, after_segment, label, segment, end["records"], rounds, ahead, number == 0, is_last)
        )
        after_label, after_segment = label, segment
    return batches
