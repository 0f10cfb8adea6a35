-- Question: which lifecycles hold an object with one of these keys?
-- Parameters: keys Array(String). Grain: object and lifecycle. Cost: a lookup in the primary key.
SELECT lifecycle_id, object_key AS found_by
FROM lifecycle_objects
WHERE object_key IN {keys:Array(String)}
ORDER BY lifecycle_id, object_key
LIMIT 200
