-- Question: what is on fire, the most money first? Amounts in different currencies are put in order as bare numbers.
-- Grain: one open alert. Cost: the alerts.
SELECT
    alert_id, name, severity, state, reason, subject, lifecycle_id, summary, labels, owner, runbook, value_at_risk, currency,
    started_at, acknowledged_by, assigned_to
FROM alerts
WHERE state != 'resolved'
ORDER BY value_at_risk DESC, severity = 'critical' DESC, started_at, alert_id
LIMIT 1000
