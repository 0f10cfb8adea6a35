-- Scratch of one step: every ancestor of every cluster, itself included. is_top: nothing lies above it.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_ancestors (cluster String, ancestor String, is_top Bool, round UInt16) ENGINE = Memory
