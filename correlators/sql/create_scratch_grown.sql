-- Scratch of one step: the stored lifecycles that only gain events at their edges: what they hold stays as it is.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_grown (lifecycle_id String) ENGINE = Memory
