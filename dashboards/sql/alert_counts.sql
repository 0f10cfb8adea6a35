-- Question: how many alerts are open, how loud, and how many has somebody taken?
-- Grain: one severity. Cost: the alerts.
SELECT
    severity,
    countIf(state != 'resolved') AS open,
    countIf(state = 'acknowledged') AS acknowledged,
    countIf(state = 'resolved' AND resolved_at > now64(3, 'UTC') - toIntervalDay(1)) AS resolved_today
FROM alerts
GROUP BY severity
