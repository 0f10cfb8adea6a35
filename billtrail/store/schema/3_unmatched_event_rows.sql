-- Events that lead to no lifecycle yet. Grain: one event.
CREATE TABLE unmatched_event_rows
(
    `source` LowCardinality(String),
    `event_id` String,
    `event_type` LowCardinality(String),
    `occurred_at` DateTime64(3, 'UTC'),
    `received_at` DateTime64(3, 'UTC'),
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (source, event_id)
