-- Scratch of one step: the new rows of lifecycle_event_rows, to be compared with those that are there.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_lifecycle_events AS lifecycle_event_rows ENGINE = Memory
