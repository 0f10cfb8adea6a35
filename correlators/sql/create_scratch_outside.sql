-- Scratch of one step: lifecycles that share an object with it and are left as they are.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_outside (lifecycle UInt64) ENGINE = Set
