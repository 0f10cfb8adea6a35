-- Scratch of one step: what is stored of the objects that something new names.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_found
(
    node UInt64, object_key String, cluster_key String, first_seen DateTime64(3, 'UTC'), lifecycle_ids Array(String), shown_in Array(String), shares Array(Float64),
    told_at DateTime64(3, 'UTC'), is_gluing Bool
) ENGINE = Join(ANY, LEFT, node)
