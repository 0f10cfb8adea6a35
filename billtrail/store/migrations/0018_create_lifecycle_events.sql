-- Which events a lifecycle holds and what each reached. Grain: one event in one lifecycle.
CREATE TABLE lifecycle_event_rows {{on_cluster}}
(
    lifecycle_id   String CODEC(ZSTD(1)),
    occurred_at    DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    source         LowCardinality(String),
    event_id       String CODEC(ZSTD(1)),
    event_type     LowCardinality(String),
    system         LowCardinality(String),
    object_key     String CODEC(ZSTD(1)) COMMENT 'the subject',
    milestone      LowCardinality(String) COMMENT 'empty: the event reaches none',
    outcome        LowCardinality(String),
    error_category LowCardinality(String),
    amount         Decimal(18, 2) COMMENT 'the part of the event''s amount that belongs to this lifecycle',
    currency       LowCardinality(String),
    confidence     LowCardinality(String) COMMENT 'declared, correlation_id or trace: why the event is here',
    correlation_id String CODEC(ZSTD(1)),
    trace_id       String CODEC(ZSTD(1)),
    version        UInt64,
    is_deleted     UInt8
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (lifecycle_id, occurred_at, source, event_id)
