-- Question: which real things have two ids in one system? One of them is a double entry.
-- Severity: warning
-- Owner: integration-team
-- Runbook: correlators/runbooks/duplicate-id.md
SELECT
    argMin(o.object_key, (o.first_seen, o.object_key)) AS subject_key,
    min(l.lifecycle_id) AS lifecycle_id,
    toDecimal64(0, 2) AS amount,
    '' AS currency,
    concat(o.system, ' knows ', o.cluster_key, ' as ', arrayStringConcat(arraySort(groupUniqArray(o.id)), ', '),
        if(uniqExact(l.lifecycle_id) > 1, concat(', in ', arrayStringConcat(arraySort(groupUniqArray(l.lifecycle_id)), ', ')), '')) AS evidence,
    max(o.first_seen) AS first_seen_at
FROM objects AS o
LEFT JOIN lifecycle_objects AS l ON l.object_key = o.object_key
WHERE o.cluster_key IN (SELECT cluster_key FROM objects GROUP BY cluster_key, system HAVING count() > 1)
GROUP BY o.cluster_key, o.system
HAVING uniqExact(o.id) > 1
