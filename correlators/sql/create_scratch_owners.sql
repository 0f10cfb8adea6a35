-- Scratch of one step: which object is in which cluster, and which lifecycles hold it.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_owners (node String, cluster String, lifecycle_ids Array(String)) ENGINE = Memory
