-- Question: which systems report which types of object, so that a bare id can be completed to a key?
-- Columns: shape String, `system:type`. Grain: one shape. Cost: two columns of low cardinality; remembered for a minute.
SELECT DISTINCT concat(system, ':', object_type) AS shape
FROM object_rows
WHERE is_deleted = 0
LIMIT 1000
