-- Objects declared on their own, without an event: imported or read back. Grain: one version of one declared object.
CREATE TABLE object_declarations {{on_cluster}}
(
    source      LowCardinality(String),
    object_key  String,
    declared_at DateTime64(3, 'UTC'),
    attributes  Map(LowCardinality(String), String),
    links       Array(Tuple(from_key String, to_key String, qualifier String)),
    segment     UInt64 CODEC(Delta, LZ4),
    INDEX segments segment TYPE minmax GRANULARITY 1
)
ENGINE = {{engine:ReplacingMergeTree(segment)}}
ORDER BY (source, object_key)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
