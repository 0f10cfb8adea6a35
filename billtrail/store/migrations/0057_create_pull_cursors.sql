-- How far each pulled stream of a source was read. Grain: one stream. Written after what was read is durable.
CREATE TABLE pull_cursors {{on_cluster}}
(
    source   LowCardinality(String),
    stream   LowCardinality(String) COMMENT 'name under pull; with a topic, name/topic',
    position String COMMENT 'as the vendor gave it; bytes in base64',
    at       DateTime64(3, 'UTC'),
    version  UInt64 COMMENT 'nanoseconds of the writing'
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (source, stream)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
