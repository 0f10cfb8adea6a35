-- Scratch of one step: its objects, with what is stored of each. `role` is empty for what glues nothing. `is_marginal`: known
-- here only by name, because an object of the step belongs with it.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_nodes
(
    node UInt64, object_key String, object_type LowCardinality(String), role LowCardinality(String), journey LowCardinality(String),
    first_seen DateTime64(3, 'UTC'), old_seen DateTime64(3, 'UTC'), old_cluster String, old_lifecycles Array(String), old_shown Array(String),
    old_shares Array(Float64),
    is_stored Bool, is_mentioned Bool, is_marginal Bool
) ENGINE = Join(ANY, LEFT, node)
