-- Which alerts have a version from `since` on? From 0: every open alert.
-- Parameters: since UInt64.
-- Grain: one alert in its newest version. Cost: the alerts.
SELECT *
FROM alert_rows FINAL
WHERE version >= {since:UInt64} AND (state != 'resolved' OR {since:UInt64} > 0)
