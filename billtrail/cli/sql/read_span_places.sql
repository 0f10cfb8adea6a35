-- Question: which correlation id or trace of this id is carried by spans that name objects of a lifecycle?
-- Parameters: id, lifecycle_id String. Columns as those of read_places. Grain: one correlation id or trace.
-- Cost: two keys of span_keys and the objects of one lifecycle.
SELECT key AS from_key, min(named) AS object_key, '' AS event_id, splitByString('::', key)[1] AS confidence, count() OVER () AS places
FROM
(
    SELECT key, arrayJoin(object_keys) AS named
    FROM span_keys
    WHERE key IN (concat('correlation_id::', {id:String}), concat('trace::', lower({id:String})))
)
WHERE named IN (SELECT object_key FROM lifecycle_objects WHERE lifecycle_id = {lifecycle_id:String})
GROUP BY key
ORDER BY key
