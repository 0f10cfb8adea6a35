-- Question: which lifecycles do the events and spans of a correlation id or a trace lead to?
-- Parameters: id String. Grain: lifecycle. Cost: lookups in the primary keys of event_keys, span_keys and events.
SELECT lifecycle_id, any(concat('run ', {id:String})) AS found_by
FROM lifecycle_objects
WHERE object_key IN
(
    SELECT concat(object.system, ':', object.object_type, ':', object.id)
    FROM events
    ARRAY JOIN objects AS object
    WHERE object.qualifier != 'reference' AND (source, event_id) IN
    (
        SELECT source, event_id FROM event_keys FINAL
        WHERE key IN (concat('correlation_id::', {id:String}), concat('trace::', lower({id:String})))
    )
    UNION DISTINCT
    SELECT arrayJoin(object_keys) FROM span_keys
    WHERE key IN (concat('correlation_id::', {id:String}), concat('trace::', lower({id:String})))
)
GROUP BY lifecycle_id
ORDER BY lifecycle_id
LIMIT 200
