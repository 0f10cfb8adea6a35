-- Question: what is on fire, the most money first within each currency?
-- Columns: rank is the place within the currency. Grain: one open alert. Cost: the alerts.
SELECT
    alert_id, name, severity, state, reason, subject, lifecycle_id, summary, labels, owner, runbook, value_at_risk, currency,
    started_at, acknowledged_by, assigned_to,
    row_number() OVER (PARTITION BY currency ORDER BY value_at_risk DESC, severity = 'critical' DESC, started_at, alert_id) AS rank
FROM alerts
WHERE state != 'resolved'
ORDER BY rank, currency
LIMIT 1000
