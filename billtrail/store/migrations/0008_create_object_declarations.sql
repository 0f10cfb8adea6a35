-- Objects declared on their own, without an event: imported or read back. Grain: one version of one declared object.
CREATE TABLE object_declarations {{on_cluster}}
(
    source      LowCardinality(String),
    object_key  String CODEC(ZSTD(1)),
    declared_at DateTime64(3, 'UTC'),
    attributes  Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    links       Array(Tuple(from_key String, to_key String, qualifier String)) CODEC(ZSTD(1)),
    segment     UInt64 CODEC(Delta, ZSTD(1)),
    INDEX segments segment TYPE minmax GRANULARITY 1
)
ENGINE = {{engine:ReplacingMergeTree(segment)}}
ORDER BY (source, object_key)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
