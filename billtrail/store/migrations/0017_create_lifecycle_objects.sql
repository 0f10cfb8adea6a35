-- Which objects a lifecycle holds: how any id finds its contract. Grain: one object in one lifecycle.
CREATE TABLE lifecycle_object_rows {{on_cluster}}
(
    object_key   String CODEC(ZSTD(1)),
    lifecycle_id String CODEC(ZSTD(1)),
    cluster_key  String CODEC(ZSTD(1)),
    object_type  LowCardinality(String),
    version      UInt64,
    is_deleted   UInt8,
    INDEX lifecycles lifecycle_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (object_key, lifecycle_id)
