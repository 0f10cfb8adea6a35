-- Public view: one message about one alert to one receiver, each attempt.
CREATE VIEW notifications
(
    `alert_id` String,
    `channel` LowCardinality(String),
    `attempt` UInt16,
    `outcome` LowCardinality(String),
    `reason` String,
    `sent_at` Nullable(DateTime64(3, 'UTC')),
    `kind` LowCardinality(String),
    `notification_id` String,
    `due_at` DateTime64(3, 'UTC')
)
AS SELECT
    alert_id,
    channel,
    attempt,
    outcome,
    reason,
    sent_at,
    kind,
    notification_id,
    due_at
FROM notification_rows
FINAL
