-- Scratch of one step: runs that events without objects share with others.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_runs (run UInt64) ENGINE = Memory
