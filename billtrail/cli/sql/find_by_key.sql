-- Question: which lifecycles hold the object with this key, such as erp:invoice:INV-8841? (A lifecycle's own id is one.)
-- Parameters: id String. Columns: lifecycle_id. Cost: one key of object_rows.
SELECT DISTINCT arrayJoin(arrayConcat(lifecycle_ids, shown_in)) AS lifecycle_id
FROM objects
WHERE object_key = {id:String}
ORDER BY lifecycle_id
