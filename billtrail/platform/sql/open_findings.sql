-- Question: what have the detectors found that is not resolved? Columns: detector, severity, value. Cost: one pass.
SELECT detector, severity, count() AS value
FROM findings
WHERE resolved_at IS NULL
GROUP BY detector, severity
ORDER BY detector, severity
