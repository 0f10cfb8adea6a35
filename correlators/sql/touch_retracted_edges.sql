-- Question: which objects did those relations ever join? Read with the deleted ones, so that a step done again finds them.
-- Parameters: since, upto UInt64. Cost: one pass over relation_edges; run only when there are corrections or declarations.
INSERT INTO scratch_keys
SELECT DISTINCT node, false
FROM relation_edges
WHERE (source, event_id) IN
(
    SELECT source, event_id FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND (revision > 0 OR is_withdrawn)
    UNION ALL
    SELECT source, concat('object::', object_key) FROM object_declarations
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
)
