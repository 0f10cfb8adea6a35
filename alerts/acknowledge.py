"""A person takes an alert: it is not repeated any more, and it is written down who took it and why.

The audit row is written first: there may be an audited action that did not come through, never one that is not audited.
"""

import json

from alerts.alert import Alert, AlertState
from billtrail.clock import Clock
from billtrail.errors import SettingsError
from billtrail.store import Store


def acknowledge(store: Store, alert_id: str, actor: str, reason: str, clock: Clock, *, role: str = "operator") -> Alert:
    """Acknowledge an open alert. Doing it again as the same actor changes nothing.

    Raises SettingsError when there is no such alert, it is resolved, or no actor is named.
    """
    rows = store.rows("alerts", "alerts_named", {"alert_ids": [alert_id]})
    if not rows:
        raise SettingsError(f"there is no alert {alert_id}", hint="the column alert_id of the view alerts has them all")
    if not actor.strip():
        raise SettingsError("an acknowledgement needs the name of who acknowledges")
    alert = Alert.from_row(rows[0])
    if not alert.is_open:
        raise SettingsError(f"alert {alert_id} is resolved already: {alert.reason}")
    if alert.acknowledged_by == actor:
        return alert
    now = clock.now()
    details = {"fingerprint": alert.fingerprint, "was_acknowledged_by": alert.acknowledged_by}
    action = {"at": now, "actor": actor, "role": role, "action": "acknowledge", "target": alert_id, "reason": reason}
    store.insert("audit_log", [{**action, "details": json.dumps(details)}])
    taken = alert.next_version(now, is_person=True, state=AlertState.ACKNOWLEDGED, acknowledged_by=actor)
    store.insert("alert_rows", [taken.to_row()])
    return taken
