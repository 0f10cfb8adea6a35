-- Scratch of one step: the relations between those pairs, with the earliest proof the step knows.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_relations
(
    relation UInt64, is_doubted Bool, from_key String, to_key String, kind LowCardinality(String), qualifier LowCardinality(String),
    rule LowCardinality(String), source LowCardinality(String), event_id String, occurred_at DateTime64(3, 'UTC')
) ENGINE = Memory
