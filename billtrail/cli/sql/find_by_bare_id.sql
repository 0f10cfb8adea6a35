-- Question: which lifecycles hold an object with this id, whatever its system and type?
-- Parameters: id String. Columns: lifecycle_id. Cost: the index of ids of object_rows.
SELECT DISTINCT arrayJoin(arrayConcat(lifecycle_ids, shown_in)) AS lifecycle_id
FROM objects
WHERE id = {id:String}
ORDER BY lifecycle_id
