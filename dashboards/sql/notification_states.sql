-- Question: did people get told, in the last day?
-- Grain: channel and outcome, each notification in its last attempt. Cost: the notifications.
SELECT channel, outcome, count() AS notifications, max(at) AS last_at, argMax(reason, at) AS last_reason
FROM
(
    SELECT
        notification_id, argMax(channel, attempt) AS channel, argMax(outcome, attempt) AS outcome,
        argMax(reason, attempt) AS reason, argMax(coalesce(sent_at, due_at), attempt) AS at
    FROM notifications
    GROUP BY notification_id
)
WHERE at > now64(3, 'UTC') - toIntervalDay(1) OR outcome IN ('pending', 'failed')
GROUP BY channel, outcome
ORDER BY channel, outcome
