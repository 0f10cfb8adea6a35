-- Public view: one message about one alert to one receiver, each attempt. A message about a group has a row for each of its alerts.
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
    `group_key` String,
    `planned_at` DateTime64(3, 'UTC'),
    `due_at` DateTime64(3, 'UTC')
)
AS SELECT
    arrayJoin(arrayConcat(firing_ids, resolved_ids)) AS alert_id,
    channel,
    attempt,
    outcome,
    reason,
    sent_at,
    kind,
    notification_id,
    group_key,
    planned_at,
    due_at
FROM notification_rows
FINAL
