-- Scratch of one step: the cluster of each object so far. The round that is highest counts.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_clusters (node String, cluster String, round UInt16) ENGINE = Memory
