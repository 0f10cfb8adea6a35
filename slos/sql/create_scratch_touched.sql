-- Scratch of one step: the lifecycles whose clocks are to be computed anew. Lives in memory, emptied before each part.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_touched (lifecycle_id String) ENGINE = Memory
