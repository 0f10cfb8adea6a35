-- The few spans that name a correlation id or a business object: how spans find their lifecycle. Grain: one such span.
CREATE TABLE span_links {{on_cluster}}
(
    correlation_id String,
    trace_id       String COMMENT 'hex',
    span_id        String COMMENT 'hex',
    started_at     DateTime64(3, 'UTC'),
    service        LowCardinality(String),
    name           LowCardinality(String),
    system         LowCardinality(String),
    object_keys    Array(String),
    is_error       Bool,
    error_category LowCardinality(String),
    segment        UInt64 CODEC(Delta, LZ4),
    INDEX segments segment TYPE minmax GRANULARITY 1,
    INDEX traces trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {{engine:ReplacingMergeTree(segment)}}
ORDER BY (correlation_id, trace_id, span_id)
{{ttl}}
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
