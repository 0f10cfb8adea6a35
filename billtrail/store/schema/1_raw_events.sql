-- Every business record as it came, before any mapping: the truth the rest is derived from. Grain: one record of one frame.
CREATE TABLE raw_events
(
    `source` LowCardinality(String),
    `door` LowCardinality(String) COMMENT 'cloudevents, webhook, otlp_logs, import',
    `record` LowCardinality(String) COMMENT 'event or object',
    `received_at` DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    `segment` UInt64 CODEC(Delta(8), LZ4),
    `frame` UInt32 CODEC(Delta(4), LZ4),
    `item` UInt32 CODEC(Delta(4), LZ4),
    `body` String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (segment, frame, item)
SETTINGS min_bytes_for_wide_part = 268435456, min_parts_to_merge_at_once = 50, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
