-- Scratch of one step: the name of the cluster of each object that has several ids. The others are their own.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_clusters (node UInt64, cluster UInt64) ENGINE = Join(ANY, LEFT, node)
