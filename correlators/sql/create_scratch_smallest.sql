-- Scratch of a backlog: the smallest label beside each label, round by round.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_smallest (round UInt16, node UInt64, label UInt64) ENGINE = Join(ANY, LEFT, round, node)
