"""The alerts somebody may still have to hear of: the open ones, and the ended ones whose end is not told yet.

The table is the truth; this is its reading, kept up to date by version: people acknowledge from other processes.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from alerts.alert import Alert
from billtrail.store import Store

OVERLAP_US = 10_000_000


class AlertBook:
    """Alerts by id, and the open ones by fingerprint. Not for two threads."""

    def __init__(self, store: Store, mentioned: AbstractSet[str]) -> None:
        self._store = store
        self._alerts: dict[str, Alert] = {}
        self._open: dict[str, Alert] = {}
        self._read_until = 0
        self._mark: tuple[int, int] | None = None
        self.refresh((0, 0))
        if unread := sorted(mentioned - self._alerts.keys()):
            self._keep(map(Alert.from_row, store.rows("alerts", "alerts_named", {"alert_ids": unread})))

    @property
    def open_by_fingerprint(self) -> dict[str, Alert]:
        return self._open

    @property
    def alerts(self) -> Iterable[Alert]:
        return self._alerts.values()

    def named(self, alert_ids: Iterable[str]) -> list[Alert]:
        """The alerts of these ids, without those that are not known."""
        return [self._alerts[alert_id] for alert_id in alert_ids if alert_id in self._alerts]

    def refresh(self, mark: tuple[int, int]) -> int:
        """Read what others wrote, unless the table's newest version and count are those of the last reading.

        Answers how many alerts that changed. Raises StoreError.
        """
        if mark == self._mark:
            return 0
        since = max(self._read_until - OVERLAP_US, 0)
        alerts = [Alert.from_row(row) for row in self._store.rows("alerts", "alerts_since", {"since": since})]
        self._mark = mark
        return self._keep(alerts)

    def write(self, alerts: Iterable[Alert]) -> None:
        """Write new versions down, then keep them."""
        new = list(alerts)
        self._store.insert("alert_rows", [alert.to_row() for alert in new])
        self._keep(new)

    def forget(self, mentioned: AbstractSet[str]) -> None:
        """Drop ended alerts of which nobody has to hear any more."""
        over = [
            alert.alert_id for alert in self._alerts.values() if not alert.is_open and alert.alert_id not in mentioned
        ]
        for alert_id in over:
            del self._alerts[alert_id]

    def _keep(self, alerts: Iterable[Alert]) -> int:
        changed = 0
        for alert in alerts:
            self._read_until = max(self._read_until, alert.version)
            known = self._alerts.get(alert.alert_id)
            if known is not None and known.version >= alert.version:
                continue
            changed += 1
            self._alerts[alert.alert_id] = alert
            self._index(alert)
        return changed

    def _index(self, alert: Alert) -> None:
        if alert.is_open:
            self._open[alert.fingerprint] = alert
        elif (known := self._open.get(alert.fingerprint)) is not None and known.alert_id == alert.alert_id:
            del self._open[alert.fingerprint]
