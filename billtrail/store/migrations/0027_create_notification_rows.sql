-- The outbox and its history: what was to be said to whom, and how each attempt went. Grain: one attempt of one notification.
CREATE TABLE notification_rows {{on_cluster}}
(
    notification_id String,
    alert_id        String,
    channel         LowCardinality(String),
    kind            LowCardinality(String) COMMENT 'firing, resolved or repeat',
    attempt         UInt16,
    outcome         LowCardinality(String) COMMENT 'pending, sent, failed or given_up',
    reason          String,
    due_at          DateTime64(3, 'UTC'),
    sent_at         Nullable(DateTime64(3, 'UTC')),
    version         UInt64
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (notification_id, attempt)
