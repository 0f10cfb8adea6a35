-- Question: which real things have two ids in one system? One of them is a double entry.
-- Severity: warning
-- Owner: integration-team
-- Runbook: correlators/runbooks/duplicate-id.md
SELECT
    cluster_key AS subject_key,
    any(l.lifecycle_id) AS lifecycle_id,
    toDecimal64(0, 2) AS amount,
    '' AS currency,
    concat(any(o.system), ' knows ', cluster_key, ' as ', arrayStringConcat(arraySort(groupUniqArray(o.id)), ', ')) AS evidence,
    max(o.first_seen) AS first_seen_at
FROM objects AS o
LEFT JOIN lifecycle_objects AS l ON l.object_key = o.object_key
WHERE cluster_key IN (SELECT cluster_key FROM objects GROUP BY cluster_key, system HAVING count() > 1)
GROUP BY cluster_key, o.system
HAVING uniqExact(o.id) > 1
