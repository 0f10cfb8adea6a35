-- Has anything moved since the last look? The counts show a row that came after a newer one.
-- Grain: one row. Cost: one column of three tables.
SELECT clocks_until, clocks_count, findings_until, findings_count, alerts_until, alerts_count
FROM (SELECT max(known_at) AS clocks_until, count() AS clocks_count FROM clock_verdicts) AS clocks
CROSS JOIN (SELECT max(version) AS findings_until, count() AS findings_count FROM finding_rows) AS findings
CROSS JOIN (SELECT max(version) AS alerts_until, count() AS alerts_count FROM alert_rows) AS alerts
