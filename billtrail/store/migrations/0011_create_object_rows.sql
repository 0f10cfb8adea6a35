-- Every object ever named, with the cluster of ids it belongs to. Grain: one object.
CREATE TABLE object_rows {{on_cluster}}
(
    object_key  String CODEC(ZSTD(1)),
    object_type LowCardinality(String),
    system      LowCardinality(String),
    id          String CODEC(ZSTD(1)),
    cluster_key String CODEC(ZSTD(1)),
    first_seen  DateTime64(3, 'UTC'),
    attributes  Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    version     UInt64,
    is_deleted  UInt8
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (object_key)
