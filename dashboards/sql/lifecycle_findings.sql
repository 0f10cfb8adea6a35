-- Question: what did the detectors find in this lifecycle?
-- Parameters: id String. Grain: one finding, open ones first. Cost: the findings.
SELECT detector, subject_key, severity, amount, currency, owner, runbook, evidence, first_seen_at, resolved_at
FROM findings
WHERE lifecycle_id = {id:String}
ORDER BY resolved_at IS NOT NULL, first_seen_at DESC
LIMIT 200
