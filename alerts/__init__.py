"""Alerts: says what must be known, to the one who can fix it, once, and says when it is over.

Takes: nothing from the network; settings `[alerts]`.
Gives: one alert per late or wrong subject, one notification per group of alerts and receiver, delivered at least once.
Reads table: sla_clocks, clock_verdicts, sla_definitions, journey_milestones, findings, finding_rows, lifecycles.
Writes table: alert_rows, notification_rows, audit_log (only in `acknowledge`).
Runs as: one loop, `alerts.run.run_forever`. Two instances over the same tables would notify twice: run one.
"""

from alerts.acknowledge import acknowledge
from alerts.alert import Alert, AlertState
from alerts.run import AlertLoop, run_forever
from alerts.settings import AlertsSettings

__all__ = ["Alert", "AlertLoop", "AlertState", "AlertsSettings", "acknowledge", "run_forever"]
