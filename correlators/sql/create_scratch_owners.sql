-- Scratch of one step: the cluster of each object, the lifecycles that hold it, and those that only show it.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_owners (node UInt64, cluster UInt64, owned Array(UInt64), shown Array(UInt64)) ENGINE = Join(ANY, LEFT, node)
