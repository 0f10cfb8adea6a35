-- What became of the messages of each source, segment by segment. Grain: (source, folder, segment, stretch of it).
CREATE TABLE source_tallies {{on_cluster}}
(
    source           LowCardinality(String) COMMENT 'as its events say it',
    mapped_by        LowCardinality(String) COMMENT 'the folder of the source, empty for canonical events',
    segment          UInt64 CODEC(Delta, ZSTD(1)),
    first            UInt64 COMMENT 'where the stretch begins: frame * 2^32 + item',
    system           LowCardinality(String),
    events           UInt64 COMMENT 'events told, new or not',
    ignored          UInt64 COMMENT 'messages that are known and mean nothing',
    rejected         UInt64 COMMENT 'messages that became dead letters',
    last_received_at DateTime64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (source, mapped_by, segment, first)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
