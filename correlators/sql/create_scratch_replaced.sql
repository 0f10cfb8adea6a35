-- Scratch of one step: the events that were corrected or withdrawn.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_replaced (source LowCardinality(String), event_id String) ENGINE = Memory
