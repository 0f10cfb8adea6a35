-- Question: what did the detectors find in this lifecycle?
-- Parameters: lifecycle_id String. Grain: one finding. Cost: one pass over finding_rows.
SELECT detector, severity, subject_key, amount, currency, owner, evidence, first_seen_at, resolved_at
FROM findings
WHERE lifecycle_id = {lifecycle_id:String}
ORDER BY resolved_at IS NOT NULL, first_seen_at
