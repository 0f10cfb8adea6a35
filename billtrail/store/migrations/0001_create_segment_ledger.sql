-- What happened to every journal segment: one row per stage it passed. Grain: (stream, segment, stage).
CREATE TABLE segment_ledger {{on_cluster}}
(
    stream      LowCardinality(String),
    segment     UInt64,
    stage       LowCardinality(String) COMMENT 'loaded',
    frames      UInt64,
    records     UInt64,
    duplicates  UInt64,
    rejected    UInt64,
    bytes       UInt64,
    at          DateTime64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree(at)}}
ORDER BY (stream, segment, stage)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
