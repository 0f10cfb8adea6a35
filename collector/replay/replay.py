"""Puts dead letters back into the journals, notes it on each of them and in the audit log.

A letter is noted only when its record is durable again. A crash between the two replays it once more, which is
harmless: events are recognised by their ids, requests of spans by their bytes. A record that still does not fit becomes
a new dead letter of its own.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from billtrail.clock import Clock
from billtrail.store import Row, Store
from collector.journal import Journal
from collector.replay.choice import Choice, ReplayReport, ReplayWish
from collector.replay.envelope import open_letter

ROOM = "collector"
_PAGE = 500
_SHOWN = 20


def replay(store: Store, journals: Mapping[str, Journal], clock: Clock, wish: ReplayWish) -> ReplayReport:
    """Replay what is chosen, or only count it. `journals` by stream. Raises StoreError: asking again is safe."""
    # What the replay itself makes is later than that, and not its business.
    now, report = clock.now(), ReplayReport(is_applied=wish.applies)
    choice = wish.choice.model_copy(update={"until": min(wish.choice.until or now, now)})
    reasons: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for letters in _find_pages(store, choice):
        done = []
        for letter in letters:
            frame = open_letter(letter, int(clock.now().timestamp() * 1000) * 1_000_000)
            if frame is None:
                report.unusable += 1
                report.first_unusable = [*report.first_unusable, letter["dead_letter_id"]][:_SHOWN]
                continue
            if wish.applies:
                journals["traces" if frame.record == "span" else "events"].append(frame)
            done.append(letter["dead_letter_id"])
            reasons[letter["reason"]] += 1
            sources[letter["source"]] += 1
        if wish.applies and done:
            store.run(ROOM, "mark_replayed", {"ids": done, "at": clock.now()})
        report.replayed += len(done)
    report.by_reason, report.by_source = dict(reasons), dict(sources)
    if wish.applies and report.replayed:
        _audit(store, clock, wish, report)
    return report


def _find_pages(store: Store, choice: Choice) -> Iterator[list[Row]]:
    after = ""
    while True:
        page = store.rows(ROOM, "find_replayable", {**choice.params, "after": after, "limit": _PAGE})
        if not page:
            return
        yield page
        after = page[-1]["dead_letter_id"]


def _audit(store: Store, clock: Clock, wish: ReplayWish, report: ReplayReport) -> None:
    chosen = wish.choice.model_dump(mode="json", exclude_defaults=True)
    details = json.dumps({"chosen": chosen, **report.model_dump(mode="json")}, ensure_ascii=False)
    row = {"at": clock.now(), "actor": wish.actor, "role": "operator", "action": "replay", "target": "dead_letters"}
    store.insert("audit_log", [row | {"reason": wish.why, "details": details}])
