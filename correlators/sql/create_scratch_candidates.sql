-- Scratch of one step: pairs of objects whose relation may have changed. is_doubted: a proof may be gone.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_candidates (start UInt64, stop UInt64, is_doubted Bool) ENGINE = Memory
