-- Question: which lifecycles do the events and spans of a correlation id or a trace lead to?
-- Parameters: id String. Grain: lifecycle. Cost: lookups in the primary keys of run_lifecycles, span_keys and object_rows.
SELECT lifecycle_id, any(concat('run ', {id:String})) AS found_by
FROM
(
    SELECT lifecycle_id FROM run_lifecycles
    WHERE run IN (cityHash64(concat('correlation_id::', {id:String})), cityHash64(concat('trace::', lower({id:String}))))
    UNION ALL
    SELECT arrayJoin(lifecycle_ids) AS lifecycle_id FROM object_rows FINAL
    WHERE object_key IN
    (
        SELECT arrayJoin(object_keys) FROM span_keys
        WHERE key IN (concat('correlation_id::', {id:String}), concat('trace::', lower({id:String})))
    )
)
GROUP BY lifecycle_id
ORDER BY lifecycle_id
LIMIT 200
