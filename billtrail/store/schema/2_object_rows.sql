-- Every object ever named, with the cluster of ids it belongs to and the lifecycles that hold it. Grain: one object.
CREATE TABLE object_rows
(
    `object_key` String,
    `object_type` LowCardinality(String),
    `system` LowCardinality(String),
    `id` String,
    `cluster_key` String,
    `first_seen` DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    `attributes` Map(LowCardinality(String), String),
    `lifecycle_ids` Array(String) COMMENT 'it is part of',
    `shares` Array(Float64) COMMENT 'how it is divided between those, where there are several',
    `shown_in` Array(String) COMMENT 'it is shown in these, too: the contracts of an opportunity',
    `version` UInt64 CODEC(Delta(8), LZ4),
    `is_deleted` UInt8,
    INDEX ids id TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (object_key)
SETTINGS index_granularity = 128
