-- Scratch of one step: which events belong to which lifecycles, and why.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_event_ids
(lifecycle_id String, is_rewritten Bool, confidence LowCardinality(String), source String, event_id String) ENGINE = Memory
