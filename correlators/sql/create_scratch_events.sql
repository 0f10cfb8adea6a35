-- Scratch of one step: the events of each lifecycle with all that the following statements need of them.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_events
(
    lifecycle_id String, is_rewritten Bool, confidence LowCardinality(String),
    source LowCardinality(String), event_id String, event_type LowCardinality(String), system LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'), outcome LowCardinality(String), error_category LowCardinality(String),
    correlation_id String, trace_id String, subject_key String, object_keys Array(String),
    lines Array(Tuple(object_key String, amount Decimal(18, 2))), amount Decimal(18, 2), currency LowCardinality(String),
    client LowCardinality(String), region LowCardinality(String), legal_entity LowCardinality(String),
    billing_model LowCardinality(String), owner LowCardinality(String), attributes Map(LowCardinality(String), String)
) ENGINE = Memory
