-- Scratch of one step: which share of an object belongs to which lifecycle, as its own lines say. Others share equally.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_shares (cluster UInt64, lifecycle UInt64, share Float64) ENGINE = Memory
