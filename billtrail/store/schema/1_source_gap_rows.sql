-- What a source may have said and nobody heard: stretches of time lost, records to be read again. Grain: one gap.
CREATE TABLE source_gap_rows
(
    `source` LowCardinality(String),
    `stream` LowCardinality(String),
    `gap_id` String COMMENT 'the same for the same gap noticed again',
    `reason` LowCardinality(String) COMMENT 'retention, position_lost, record, overflow',
    `record` String COMMENT 'type and id of the record to be read again; empty for a stretch of time',
    `since` Nullable(DateTime64(3, 'UTC')),
    `until` Nullable(DateTime64(3, 'UTC')),
    `detail` String,
    `noticed_at` DateTime64(3, 'UTC'),
    `resolved_at` Nullable(DateTime64(3, 'UTC')),
    `version` UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source, stream, gap_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
