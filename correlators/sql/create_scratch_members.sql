-- Scratch of one step: which clusters belong to which lifecycles, and the round that found it.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_members (cluster UInt64, lifecycle UInt64, round UInt16) ENGINE = Memory
