-- Scratch of one step: the lifecycles that hold an event. One without events is none.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_told (lifecycle UInt64) ENGINE = Set
