-- Question: which lifecycles hold an object with one of these keys?
-- Parameters: keys Array(String). Grain: object and lifecycle. Cost: a lookup in the primary key.
SELECT arrayJoin(arrayConcat(lifecycle_ids, shown_in)) AS lifecycle_id, object_key AS found_by
FROM objects
WHERE object_key IN {keys:Array(String)}
ORDER BY lifecycle_id, object_key
LIMIT 200
