-- The longest silence of a source that is ordinary, as its folder or the settings say. Grain: one source.
CREATE TABLE source_expectations {{on_cluster}}
(
    source      LowCardinality(String) COMMENT 'as its events say it',
    expected_ms UInt64
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (source)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
