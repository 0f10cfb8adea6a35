-- Question: which affected lifecycles hold no event any more? Parameters: version UInt64.
INSERT INTO lifecycle_rows
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted)
FROM lifecycle_rows FINAL
WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_affected) AND cityHash64(lifecycle_id) NOT IN (SELECT lifecycle FROM scratch_facts)
