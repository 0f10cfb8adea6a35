-- Scratch of one step: the stored lifecycles that may change.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_affected (lifecycle_id String, round UInt16) ENGINE = Memory
