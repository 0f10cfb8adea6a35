-- Question: which objects came into a lifecycle or left it?
-- Parameters: version UInt64. Cost: the objects of the step; writes the difference only.
INSERT INTO lifecycle_object_rows
WITH
    fresh AS
    (
        SELECT DISTINCT node AS object_key, lifecycle_id, cluster AS cluster_key, splitByChar(':', node)[2] AS object_type
        FROM scratch_members WHERE is_rewritten AND lifecycle_id IN (SELECT lifecycle_id FROM scratch_events)
    ),
    stored AS
    (
        SELECT object_key, lifecycle_id, cluster_key, object_type FROM lifecycle_object_rows FINAL
        WHERE object_key IN (SELECT node FROM scratch_nodes)
          AND lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_members WHERE NOT is_rewritten)
    )
SELECT *, {version:UInt64}, 0 FROM (SELECT * FROM fresh EXCEPT SELECT * FROM stored)
UNION ALL
SELECT *, {version:UInt64}, 1 FROM stored WHERE (object_key, lifecycle_id) NOT IN (SELECT object_key, lifecycle_id FROM fresh)
