-- Scratch of one step: the new rows of milestone_rows, with what the lifecycle needs beside.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_milestones
(
    lifecycle UInt64, milestone LowCardinality(String), subject UInt64, subject_key String, object_type LowCardinality(String),
    reached_at DateTime64(3, 'UTC'), outcome LowCardinality(String), attempts UInt32,
    source LowCardinality(String), event_id String, system LowCardinality(String), amount Decimal(18, 2),
    currency LowCardinality(String), amount_place UInt128, position UInt16, measure LowCardinality(String), is_end Bool
) ENGINE = Memory
