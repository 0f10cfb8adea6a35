-- Question: which objects came into a lifecycle, changed there, or left it? Parameters: version UInt64.
-- Grain: one object in one lifecycle. Cost: the objects that changed.
INSERT INTO lifecycle_object_rows
SELECT arrayJoin(arrayConcat(lifecycle_ids, shown_in)), object_key, cluster_key, object_type, first_seen, lifecycle_ids, shares, shown_in, {version:UInt64}, 0
FROM scratch_changes WHERE is_gluing
UNION ALL
SELECT arrayJoin(left_lifecycles), object_key, cluster_key, object_type, first_seen, lifecycle_ids, shares, shown_in, {version:UInt64}, 1
FROM scratch_changes WHERE notEmpty(left_lifecycles)
