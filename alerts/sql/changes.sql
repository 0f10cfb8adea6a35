-- Has anything moved since the last look?
-- Grain: one row. Cost: one column of three tables.
SELECT
    (SELECT max(known_at) FROM clock_verdicts)  AS clocks_until,
    (SELECT max(version) FROM finding_rows)     AS findings_until,
    (SELECT max(version) FROM alert_rows)       AS alerts_until
