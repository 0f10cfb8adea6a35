-- Scratch of one step: the smallest object that each object with several ids is known to be the same as, so far.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_labels (node UInt64, label UInt64, round UInt16) ENGINE = Memory
