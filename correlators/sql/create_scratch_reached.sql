-- Scratch of one step: stored milestones that new events reach again, in lifecycles that only grow.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_reached
(
    lifecycle UInt64, position UInt16, milestone LowCardinality(String), measure LowCardinality(String), is_end Bool,
    object_type LowCardinality(String), subject UInt64, occurred_at DateTime64(3, 'UTC'), outcome LowCardinality(String), attempts UInt32,
    source LowCardinality(String), event_id String, system LowCardinality(String), part Decimal(18, 2), worth_in LowCardinality(String),
    place UInt128, amount_place UInt128
) ENGINE = Memory
