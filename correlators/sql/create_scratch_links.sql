-- Scratch of a backlog: which objects hang together, in each round by their labels of the round before.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_links (start UInt64, stop UInt64, round UInt16) ENGINE = Memory
