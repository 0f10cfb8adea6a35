"""What the history of an SLA says about its open clocks: from how much used time on most of them were late.

Looked at is what came due in the `history_days` before the last midnight (UTC), whenever its events arrived: the answer
depends on what happened and on the day, not on the order in which it became known. Looked at again on a new day, and
when verdicts changed, at most every `predict_every_ms`; every answer that differs is kept (`sla_predictions`).
"""

from datetime import datetime, timedelta

from billtrail.store import Store
from slos.settings import SlosSettings

PACKAGE = "slos"


class Predictor:
    """Keeps the predictions up to date. One instance at a time."""

    def __init__(self, store: Store, settings: SlosSettings) -> None:
        self._store = store
        self._settings = settings
        self._looked_at: datetime | None = None
        self._until: datetime | None = None
        self._is_stale = True

    def note_verdicts(self) -> None:
        """Say that verdicts changed."""
        self._is_stale = True

    def find_newer(self, known_ms: int) -> list[str]:
        """Find the SLAs whose prediction was written after an instant: a judge that ended in between did not use it."""
        rows = self._store.rows(PACKAGE, "read_predictions")
        return [row["sla"] for row in rows if row["known_ms"] > known_ms]

    def refresh(self, now: datetime) -> list[str]:
        """Predict anew when it is time to. Answers the SLAs whose prediction changed. Cost: all clocks."""
        until = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if not self._is_due(now, until):
            return []
        self._looked_at, self._until, self._is_stale = now, until, False
        since = until - timedelta(days=self._settings.history_days)
        asked = {"since_ms": _ms(since), "until_ms": _ms(until), "minimum_sample": self._settings.history_sample}
        found = {row["sla"]: row for row in self._store.rows(PACKAGE, "predict", asked)}
        before = {row["sla"]: row["at_risk_after_ms"] for row in self._store.rows(PACKAGE, "read_predictions")}
        nothing = {"at_risk_after_ms": 0, "sample": 0, "kept": 0}
        after = {sla: found.get(sla, nothing) for sla in (*before, *found)}
        changed = sorted(sla for sla, row in after.items() if row["at_risk_after_ms"] != before.get(sla, 0))
        columns = ("at_risk_after_ms", "sample", "kept")
        rows = [{column: after[sla][column] for column in columns} | {"sla": sla} for sla in changed]
        self._store.insert("sla_predictions", [row | {"known_at": now, "history_until": until} for row in rows])
        return changed

    def _is_due(self, now: datetime, until: datetime) -> bool:
        if self._looked_at is None or until != self._until:
            return True
        return self._is_stale and now - self._looked_at >= timedelta(milliseconds=self._settings.predict_every_ms)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
