-- Which events name a key: an object, a correlation id or a trace. Grain: one key of one event.
CREATE TABLE event_keys
(
    `key` String COMMENT 'system:type:id, correlation_id::x or trace::x' CODEC(ZSTD(1)),
    `source` LowCardinality(String),
    `event_id` String CODEC(ZSTD(1)),
    `qualifier` LowCardinality(String),
    `occurred_at` DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (key, source, event_id, qualifier)
