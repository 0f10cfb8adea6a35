-- Scratch of one step: which cluster is part of which.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_parents (child UInt64, parent UInt64) ENGINE = Memory
