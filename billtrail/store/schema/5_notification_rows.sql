-- The outbox and its history: what was to be said to whom about which group, and how each attempt went. Grain: one attempt of one notification.
CREATE TABLE notification_rows
(
    `notification_id` String,
    `group_key` String COMMENT 'the group it speaks of, by its labels',
    `group_labels` Map(LowCardinality(String), String),
    `channel` LowCardinality(String) COMMENT 'redacted name of the receiver',
    `kind` LowCardinality(String) COMMENT 'firing, resolved or repeat',
    `firing_ids` Array(String) COMMENT 'alerts it says are firing',
    `resolved_ids` Array(String) COMMENT 'alerts it says are resolved',
    `attempt` UInt16,
    `outcome` LowCardinality(String) COMMENT 'pending, sent, failed or given_up',
    `reason` String COMMENT 'why it is said, or how the attempt failed',
    `planned_at` DateTime64(3, 'UTC'),
    `due_at` DateTime64(3, 'UTC') COMMENT 'when the attempt is to be made; of a given up one, when that was',
    `sent_at` Nullable(DateTime64(3, 'UTC')),
    `version` UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (notification_id, attempt)
