"""The HTTP poller: asks a vendor for what is new, page by page, and keeps every item as a message of its own.

One `step` is one request. The position moves when the items before it are durable: with every page where items come
oldest first, else when the last page was read. Items that stand in the overlap of two readings are kept once, as far as
this process remembers; the loader drops the rest by their ids.
"""

import hashlib
import json
import logging
from datetime import datetime, timedelta
from typing import Any

import httpx

from billtrail.errors import BilltrailError, DeliveryError, SettingsError
from collector.mapping.pull import CursorRule, HttpPull
from collector.pull.answer import Answer, Outcome, ask
from collector.pull.backoff import Backoff
from collector.pull.cursors import Position
from collector.pull.desk import Desk
from collector.pull.gaps import Gap, GapReason
from collector.pull.position import find_latest, write_cursor, write_time
from collector.pull.reach import find_text, find_value, shape_message
from collector.pull.walk import Walk
from collector.webhook.intake import SourceDoor

log = logging.getLogger(__name__)

_REMEMBERED = 200_000
# A reading that fails as often in a row begins anew: tokens and links of pages do not live for ever.
_PATIENCE = 5


class HttpPoller:
    """One stream of one source, for one thread. `due_at` is when `step` has something to do again."""

    def __init__(
        self, desk: Desk, rule: HttpPull, client: httpx.Client, auth: httpx.Auth | None, backoff: Backoff | None = None
    ) -> None:
        self.name = f"{desk.source}/{rule.stream}"
        self.due_at = desk.clock.now()
        self.last_error = ""
        self._desk = desk
        self._rule = rule
        self._client = client
        self._auth = auth
        self._clock = desk.clock
        self._labels = (desk.source, rule.stream)
        self._backoff = backoff or Backoff()
        self._walk: Walk | None = None
        self._position: Position | None = None
        self._known: set[bytes] = set()
        self._read: set[bytes] = set()

    def step(self) -> int:
        """Ask for one page when it is time; answer how many messages were kept. Whatever goes wrong is waited out."""
        if self._clock.now() < self.due_at:
            return 0
        try:
            walk = self._walk = self._walk or self._begin()
            answer = ask(self._client, walk.build_request(), self._auth, self._clock)
            self._desk.metrics.requests.labels(*self._labels, answer.outcome.value).inc()
            if answer.outcome is not Outcome.GOOD:
                return self._fail(answer)
            return self._take(walk, answer.body)
        except BilltrailError as error:
            if isinstance(error, DeliveryError | SettingsError):
                self._desk.metrics.requests.labels(*self._labels, Outcome.REFUSED.value).inc()
            self._walk = None
            return self._fail(Answer(Outcome.REFUSED, detail=str(error)))

    def _begin(self) -> Walk:
        """Read the position, and see whether the vendor has forgotten something since."""
        now, rule = self._clock.now(), self._rule
        self._position = position = self._desk.cursors.find(rule.stream)
        self._known, self._read = self._read if len(self._read) < _REMEMBERED else set(), set()
        if position and rule.keeps_s and now - position.at > timedelta(seconds=rule.keeps_s):
            until = now - timedelta(seconds=rule.keeps_s)
            self._note_gap(GapReason.RETENTION, position.at, until, f"kept for {rule.keeps_s / 86400:g} days only")
        cursor = write_cursor(rule.cursor, position.text if position else "", now) if rule.cursor else ""
        return Walk(rule, cursor, write_time(now, rule.cursor.write if rule.cursor else ""))

    def _take(self, walk: Walk, body: Any) -> int:
        items = find_value(self._rule.items, body)
        if items is None:
            return self._fail(Answer(Outcome.UNREADABLE, detail=f"nothing stands at {self._rule.items}"))
        items = items if isinstance(items, list) else [items]
        kept = self._keep(items)
        if rule := self._rule.cursor:
            walk.found = [find_latest(rule, [*walk.found, *(find_text(rule.path, item) for item in items)])]
        goes_on = walk.turn(body, len(items))
        if not goes_on or (rule and rule.is_ordered and walk.found[0]):
            self._move(walk, rule)
        self._succeed(goes_on)
        return kept

    def _keep(self, items: list[Any]) -> int:
        """Keep what was not kept by the last reading. Durable when this returns."""
        fresh: list[bytes] = []
        digests: set[bytes] = set()
        for item in items:
            message = shape_message(self._rule.message, item) if self._rule.message is not None else item
            body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            digest = hashlib.sha256(body).digest()[:16]
            if digest not in self._known and digest not in self._read and digest not in digests:
                fresh.append(body)
            digests.add(digest)
        if fresh:
            self._desk.intake.keep(self._desk.source, SourceDoor.PULL, fresh)
            self._desk.metrics.messages.labels(*self._labels).inc(len(fresh))
        self._read |= digests
        return len(fresh)

    def _move(self, walk: Walk, rule: CursorRule | None) -> None:
        before = self._position.text if self._position else ""
        latest = find_latest(rule, [before, *walk.found]) if rule else ""
        self._position = self._desk.cursors.write(self._rule.stream, latest)

    def _succeed(self, goes_on: bool) -> None:
        now = self._clock.now()
        self._backoff.succeed()
        self.last_error = ""
        self._desk.metrics.failing.labels(*self._labels).set(0)
        spacing_s = 60 / self._rule.per_minute if self._rule.per_minute else 0
        self.due_at = now + timedelta(seconds=spacing_s if goes_on else max(spacing_s, self._rule.every_s))
        if not goes_on:
            self._walk = None
            self._desk.metrics.last_good.labels(*self._labels).set(now.timestamp())

    def _fail(self, answer: Answer) -> int:
        if answer.outcome is Outcome.REFUSED and self._is_expired(answer):
            return 0
        wait_s = self._backoff.fail(answer.wait_s)
        if self._backoff.failures % _PATIENCE == 0:
            self._walk = None
        self.due_at = self._clock.now() + timedelta(seconds=wait_s)
        self.last_error = f"{answer.outcome.value}: {answer.detail}"
        self._desk.metrics.failing.labels(*self._labels).set(self._backoff.failures)
        log.warning("%s: %s; trying again in %.0f s", self.name, self.last_error, wait_s)
        return 0

    def _is_expired(self, answer: Answer) -> bool:
        """Begin anew where the vendor says that a position is gone, and note what may be lost."""
        position = self._position
        if not position or not position.text or answer.status not in self._rule.expired:
            return False
        now = self._clock.now()
        self._note_gap(GapReason.POSITION_LOST, position.at, now, f"the position {position.text} is gone")
        self._desk.cursors.write(self._rule.stream, "")
        self._walk, self.due_at = None, now
        return True

    def _note_gap(self, reason: GapReason, since: datetime, until: datetime, detail: str) -> None:
        self._desk.gaps.note(Gap(self._rule.stream, reason, since=since, until=until, detail=detail))
