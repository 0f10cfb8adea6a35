-- Question: which lifecycles hold an object with this id, whatever its system and type?
-- Parameters: id String. Columns: lifecycle_id. Cost: one pass over the ids of object_rows.
SELECT DISTINCT lifecycle_id
FROM lifecycle_objects
WHERE object_key IN (SELECT object_key FROM objects WHERE id = {id:String})
ORDER BY lifecycle_id
