-- Scratch of one step: the objects whose first mention, cluster or lifecycles changed, as they are now and as they were.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_changes
(
    object_key String, object_type LowCardinality(String), cluster_key String, first_seen DateTime64(3, 'UTC'), is_gone Bool, is_gluing Bool,
    lifecycle_ids Array(String), shown_in Array(String), shares Array(Float64), new_lifecycles Array(String), left_lifecycles Array(String)
) ENGINE = Memory
