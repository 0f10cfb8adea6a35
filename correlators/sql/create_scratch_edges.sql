-- Scratch of one step: which object relates to which, however often that was told.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_edges (start UInt64, stop UInt64, kind LowCardinality(String)) ENGINE = Memory
