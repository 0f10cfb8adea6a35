-- Question: which relations did corrected events and declared objects prove before? They are deleted.
-- Parameters: since, upto, version UInt64. Cost: one pass over relation_edges; run only when there are such.
INSERT INTO relation_edges
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted)
FROM relation_edges FINAL
WHERE (source, event_id) IN
(
    SELECT source, event_id FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND (revision > 0 OR is_withdrawn)
    UNION ALL
    SELECT source, concat('object::', object_key) FROM object_declarations
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
)
