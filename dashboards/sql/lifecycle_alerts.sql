-- Question: who was alerted about this lifecycle?
-- Parameters: id String. Grain: one alert, open ones first. Cost: the alerts.
SELECT name, severity, state, summary, subject, owner, value_at_risk, currency, started_at, acknowledged_by, resolved_at
FROM alerts
WHERE lifecycle_id = {id:String}
ORDER BY state = 'resolved', started_at DESC
LIMIT 200
