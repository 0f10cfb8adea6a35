-- What could not be used, with the raw bytes, the reason and a way back. Grain: one record.
CREATE TABLE dead_letter_rows
(
    `dead_letter_id` String,
    `door` LowCardinality(String),
    `source` LowCardinality(String),
    `reason` LowCardinality(String) COMMENT 'closed list: DeadLetterReason',
    `detail` String COMMENT 'what and where, expected and got' CODEC(ZSTD(1)),
    `received_at` DateTime64(3, 'UTC'),
    `body` String CODEC(ZSTD(3)),
    `replayed_at` Nullable(DateTime64(3, 'UTC')),
    `version` UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (dead_letter_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
