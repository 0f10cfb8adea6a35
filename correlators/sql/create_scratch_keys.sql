-- Scratch of one step: the keys whose events changed. Lives in memory, emptied at the start of each step.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_keys (key String, is_weak Bool) ENGINE = Memory
