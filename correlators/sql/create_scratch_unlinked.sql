-- Scratch of one step: pairs of objects that a person has parted, in both directions.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_unlinked (start UInt64, stop UInt64) ENGINE = Set
