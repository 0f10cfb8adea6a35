-- Scratch of one step: the stored rows of the lifecycles that may change.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_stored AS lifecycle_event_rows ENGINE = Memory
