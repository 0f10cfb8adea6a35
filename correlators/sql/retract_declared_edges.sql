-- Question: which relations did declarations state that are renewed in this step? They are deleted.
-- Parameters: since, upto, version UInt64. Cost: one pass over declared_edges; run only when there are declarations.
INSERT INTO declared_edges
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted)
FROM declared_edges FINAL
WHERE (source, proof) IN
(
    SELECT source, concat('object::', object_key) FROM object_declarations
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
)
