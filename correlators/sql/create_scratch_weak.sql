-- Scratch of one step: where the events without objects belong, and why.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_weak (event UInt64, lifecycles Array(UInt64), confidence String) ENGINE = Join(ANY, LEFT, event)
