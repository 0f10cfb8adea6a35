-- Question: through which objects do the spans of a correlation id or a trace lead to a lifecycle?
-- Parameters: id, lifecycle_id String. Grain: one object. Cost: two keys of span_keys and the objects of one lifecycle.
SELECT DISTINCT object_key, '' AS event_id, 'declared' AS confidence
FROM lifecycle_objects
WHERE lifecycle_id = {lifecycle_id:String} AND object_key IN
(
    SELECT arrayJoin(object_keys)
    FROM span_keys
    WHERE key IN (concat('correlation_id::', {id:String}), concat('trace::', lower({id:String})))
)
ORDER BY object_key
LIMIT 20
