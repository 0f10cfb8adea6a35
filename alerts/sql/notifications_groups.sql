-- Per group and channel: when was it last spoken to with success, and when was it last tried?
-- Grain: one group on one channel. Cost: the outbox, at the start only.
SELECT
    group_key,
    channel,
    maxOrNullIf(planned_at, outcome = 'sent') AS told_at,
    max(if(outcome = 'given_up', due_at, planned_at)) AS tried_at
FROM notification_rows FINAL
GROUP BY group_key, channel
