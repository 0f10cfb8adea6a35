-- Question: which lifecycles hold an object that a span of this correlation id or trace names?
-- Parameters: id String. Columns: lifecycle_id. Cost: two keys of span_keys, and the objects they name.
SELECT DISTINCT arrayJoin(arrayConcat(lifecycle_ids, shown_in)) AS lifecycle_id
FROM objects
WHERE object_key IN
(
    SELECT arrayJoin(object_keys)
    FROM span_keys
    WHERE key IN (concat('correlation_id::', {id:String}), concat('trace::', lower({id:String})))
)
ORDER BY lifecycle_id
