-- Scratch of one step: the objects whose lifecycles may change, and the round in which each was reached.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_nodes (node String, round UInt16) ENGINE = Memory
