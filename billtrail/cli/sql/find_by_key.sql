-- Question: which lifecycles hold the object with this key, such as erp:invoice:INV-8841? (A lifecycle's own id is one.)
-- Parameters: id String. Columns: lifecycle_id. Cost: one key of lifecycle_object_rows.
SELECT DISTINCT lifecycle_id
FROM lifecycle_objects
WHERE object_key = {id:String}
ORDER BY lifecycle_id
