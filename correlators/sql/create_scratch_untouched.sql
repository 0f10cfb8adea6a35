-- Scratch of one step: lifecycles that share an object with it and are not written.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_untouched (lifecycle UInt64) ENGINE = Set
