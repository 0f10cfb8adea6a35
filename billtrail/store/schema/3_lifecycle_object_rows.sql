-- Which objects a lifecycle holds, with what a step must know of each. Grain: one object in one lifecycle.
CREATE TABLE lifecycle_object_rows
(
    `lifecycle_id` String,
    `object_key` String,
    `cluster_key` String,
    `object_type` LowCardinality(String),
    `first_seen` DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    `lifecycle_ids` Array(String) COMMENT 'as in object_rows',
    `shares` Array(Float64) COMMENT 'as in object_rows',
    `shown_in` Array(String) COMMENT 'as in object_rows',
    `version` UInt64 CODEC(Delta(8), LZ4),
    `is_deleted` UInt8,
    INDEX objects object_key TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (lifecycle_id, object_key)
SETTINGS index_granularity = 512
